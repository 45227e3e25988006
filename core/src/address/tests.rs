use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::knowledge::{BUILT_IN, Knowledge};

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::open(BUILT_IN).unwrap());

fn find(text: &str) -> Vec<AddressMatch> {
    KNOWLEDGE.spot(text).addresses()
}

fn read(value: &str) -> Option<AddressMatch> {
    KNOWLEDGE.spot(value).address()
}

fn table(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge/units").join(name);
    rows(&fs::read_to_string(path).unwrap())
}

fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// Old province, the province of today and its kind.
fn mapping() -> Vec<(String, String, String)> {
    let provinces = table("provinces.csv");
    let today = |code: &str| provinces.iter().find(|row| row[0] == code).unwrap();
    let old = table("old-provinces.csv").into_iter();
    old.map(|row| (row[0].clone(), today(&row[1])[1].clone(), today(&row[1])[2].clone())).collect()
}

fn count(name: &str) -> usize {
    table(name).iter().map(|row| row.last().unwrap().split(';').count()).sum()
}

#[test]
fn the_tables_hold_every_unit() {
    assert_eq!((table("provinces.csv").len(), table("old-provinces.csv").len()), (34, 63));
    assert_eq!((count("communes.csv"), count("old-communes.csv"), count("old-districts.csv")), (3321, 10035, 696));
    let communes = table("communes.csv");
    for (kind, expected) in [("phường", 687), ("xã", 2621), ("đặc khu", 13)] {
        let of_kind = communes.iter().filter(|row| row[1] == kind);
        assert_eq!(of_kind.map(|row| row[2].split(';').count()).sum::<usize>(), expected, "{kind}");
    }
    assert_eq!(table("provinces.csv").iter().filter(|row| row[2] == "thành phố").count(), 7);
}

#[test]
fn the_mapping_is_the_one_of_the_domain_notes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/domain/provinces-63-to-34.csv");
    let Ok(text) = fs::read_to_string(&path) else {
        println!("SKIPPED: {} is not here", path.display());
        return;
    };
    let mut noted: Vec<_> =
        rows(&text).into_iter().map(|row| (row[0].clone(), row[1].clone(), row[4].clone())).collect();
    let mut ours = mapping();
    noted.sort();
    ours.sort();
    assert_eq!(ours, noted);
}

#[test]
fn every_old_province_is_read_as_the_one_it_went_into() {
    for (old, today, _) in mapping() {
        let old_province = (old != today).then(|| old.clone());
        for text in [
            format!("12 đường Hoa Mai, tỉnh {old}"),
            format!("12 đường Hoa Mai, thành phố {old}"),
            format!("12 đường Hoa Mai - {old}"),
            format!("12 đường Hoa Mai, {} cũ", old.to_uppercase()),
            format!("12 duong hoa mai, tinh {}", fold(&old)),
            format!("12 Hoa Mai Street, {} Province, Vietnam", fold(&old).to_uppercase()),
        ] {
            let address = read(&text).unwrap();
            assert_eq!(address.province.as_deref(), Some(today.as_str()), "{text}");
            assert_eq!(address.old_province, old_province, "{text}");
            assert!(address.has_house && address.has_street, "{text}");
            assert_eq!(find(&text), [address], "{text}");
        }
    }
}

/// Every so many-th name of a table, with its row.
fn drawn(name: &str, count: usize) -> Vec<(Vec<String>, String)> {
    let all: Vec<(Vec<String>, String)> = (table(name).into_iter())
        .flat_map(|row| {
            let names = row.last().unwrap().clone();
            names.split(';').map(|name| (row.clone(), name.to_owned())).collect::<Vec<_>>()
        })
        .collect();
    let step = all.len() / count;
    all.into_iter().skip(step / 2).step_by(step).take(count).collect()
}

fn fits(text: &str, province: &str, commune: &str) {
    let is_number = commune.bytes().all(|byte| byte.is_ascii_digit());
    let name = if is_number { format!("phường {commune}") } else { commune.to_owned() };
    for (how, address) in [("read", read(text)), ("find", find(text).first().cloned())] {
        let address = address.unwrap_or_else(|| panic!("{how}: {text}"));
        assert_eq!(address.province.as_deref(), Some(province), "{how}: {text}");
        assert_eq!(address.commune.as_deref().map(fold), Some(fold(&name)), "{how}: {text}");
        assert_eq!(address.commune_consistent, Some(true), "{how}: {text}");
        assert!(address.has_house && address.has_street, "{how}: {text}");
    }
}

#[test]
fn communes_of_today_are_in_their_province() {
    let provinces = table("provinces.csv");
    for (row, name) in drawn("communes.csv", 100) {
        let kind = &row[1];
        let province = provinces.iter().find(|province| province[0] == row[0]).unwrap();
        let (province, province_kind) = (&province[1], &province[2]);
        let short = if kind == "phường" { "P." } else { kind };
        let line = format!("Số 12 đường Hoa Mai, {kind} {name}, {province_kind} {province}");
        for text in [
            line.clone(),
            line.to_uppercase(),
            fold(&line),
            format!("12/3A Hoa Mai, {short} {name}, {province}"),
            format!("Ngõ 5, số 7 phố Hoa Ban - {kind} {name} - {province}, Việt Nam"),
            format!("số 12 đường Hoa Mai {kind} {name} {province_kind} {province}"),
        ] {
            fits(&text, province, &name);
        }
    }
}

#[test]
fn communes_of_before_are_in_the_province_that_theirs_went_into() {
    let mapping = mapping();
    for (row, name) in drawn("old-communes.csv", 100) {
        let (old, district, kind) = (&row[0], &row[1], &row[2]);
        let (_, today, today_kind) = mapping.iter().find(|(known, ..)| known == old).unwrap();
        let short_district = district
            .replace("quận ", "Q.")
            .replace("huyện ", "H. ")
            .replace("thị xã ", "TX. ")
            .replace("thành phố ", "TP. ");
        let line = format!("Số 12 đường Hoa Mai, {kind} {name}, {district}, {old}");
        for text in [
            line.clone(),
            line.to_uppercase(),
            fold(&line),
            format!("Lô B3 đường số 7, {kind} {name}, {short_district}, tỉnh {old}"),
            format!("12 Hoa Mai, {kind} {name} (cũ), {district} (cũ), {today_kind} {today}"),
            format!("12 Hoa Mai, {kind} {name}, {district}, tỉnh {old} (nay là {today_kind} {today})"),
            format!("12 Hoa Mai, {kind} {name}, {today}"),
        ] {
            fits(&text, today, &name);
        }
    }
}

/// An address, its province, the old province it names, its commune, and whether that is in the province.
type Case = (&'static str, &'static str, &'static str, &'static str, Option<bool>);

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

const WRITTEN: [Case; 52] = [
    ("Số 12 ngõ 5 phố Hoa Mai, phường Dịch Vọng, quận Cầu Giấy, Hà Nội", "Hà Nội", "", "Dịch Vọng", YES),
    ("12/3A Đường Hoa Cúc, P. Bến Nghé, Q.1, TP.HCM", "Hồ Chí Minh", "", "Bến Nghé", YES),
    ("12 duong hoa cuc, p5, q3, tphcm", "Hồ Chí Minh", "", "Phường 5", YES),
    ("12 Hoa Cúc, P.05, Q.3, Tp.HCM", "Hồ Chí Minh", "", "Phường 5", YES),
    ("12 Hoa Cúc, Dịch Vọng, Cầu Giấy, Hà Nội", "Hà Nội", "", "Dịch Vọng", YES),
    ("12 Hoa Cúc, Cầu Giấy, Hà Nội", "Hà Nội", "", "Cầu Giấy", YES),
    ("12 Hoa Cuc, Dich Vong, Cau Giay, Hanoi", "Hà Nội", "", "Dịch Vọng", YES),
    ("Ward 5, District 3, Ho Chi Minh City", "Hồ Chí Minh", "", "Phường 5", YES),
    ("15 Hoa Cuc Street, Ben Nghe Ward, District 1, HCMC, Vietnam", "Hồ Chí Minh", "", "Bến Nghé", YES),
    ("Lot B3, Di An Ward, Di An City, Binh Duong Province", "Hồ Chí Minh", "Bình Dương", "Dĩ An", YES),
    ("Thôn 3, xã Cư M'gar, huyện Cư M’gar, tỉnh Đắc Lắc", "Đắk Lắk", "", "Cư M'gar", YES),
    ("Thôn 3, xã Ea Kao, TP. Buôn Ma Thuột, Đăk Lăk", "Đắk Lắk", "", "Ea Kao", YES),
    ("Phường Bến Nghé, Quận 1, TP.HCM (nay là Phường Sài Gòn, TP.HCM)", "Hồ Chí Minh", "", "Bến Nghé", YES),
    ("Phường Sài Gòn (trước đây là phường Bến Nghé, Quận 1), TP.HCM", "Hồ Chí Minh", "", "Sài Gòn", YES),
    ("xã Tân Lập, H. Bắc Tân Uyên, Bình Dương cũ, nay là TP.HCM", "Hồ Chí Minh", "Bình Dương", "Tân Lập", YES),
    ("Tổ 5, khu phố 3, phường Tân Phong, TP. Biên Hòa, Đồng Nai", "Đồng Nai", "", "Tân Phong", YES),
    ("Công ty Mẫu Gia Lai - 12 Hoa Lê, P.5, Q.11, TP.HCM", "Hồ Chí Minh", "", "Phường 5", YES),
    ("123 Điện Biên Phủ, phường 15, quận Bình Thạnh, TP HCM", "Hồ Chí Minh", "", "Phường 15", YES),
    ("12 Xa lộ Hà Nội, phường Thảo Điền, TP. Thủ Đức, Sài Gòn", "Hồ Chí Minh", "", "Thảo Điền", YES),
    ("Đại lộ Bình Dương, phường Phú Hoà, TP Thủ Dầu Một", "Hồ Chí Minh", "", "Phú Hòa", YES),
    ("phường Thuận Hoà, thành phố Huế, tỉnh Thừa Thiên Huế", "Huế", "", "Thuận Hòa", YES),
    ("P.Thắng Tam, TP.Vũng Tàu, BR-VT", "Hồ Chí Minh", "Bà Rịa - Vũng Tàu", "Thắng Tam", YES),
    ("P. Thắng Tam, TP Vũng Tàu, Bà Rịa – Vũng Tàu", "Hồ Chí Minh", "Bà Rịa - Vũng Tàu", "Thắng Tam", YES),
    ("Đặc khu Phú Quốc, tỉnh An Giang", "An Giang", "", "Phú Quốc", YES),
    ("Đặc khu Phú Quốc, tỉnh Kiên Giang", "An Giang", "Kiên Giang", "Phú Quốc", YES),
    ("KCN Hoa Sen, xã Vĩnh Tân, huyện Vĩnh Cửu, Đồng Nai", "Đồng Nai", "", "Vĩnh Tân", YES),
    ("số 5 Hoa Lan, Phường 1, TP Bạc Liêu, tỉnh Bạc Liêu", "Cà Mau", "Bạc Liêu", "Phường 1", YES),
    ("SỐ 12 ĐƯỜNG HOA MAI, PHƯỜNG HẢI CHÂU, ĐÀ NẴNG", "Đà Nẵng", "", "Hải Châu", YES),
    ("12 Hoa Mai P12 Gò Vấp HCM", "Hồ Chí Minh", "", "Phường 12", YES),
    ("12 Hoa Mai P.12 Q.Gò Vấp TP.HCM", "Hồ Chí Minh", "", "Phường 12", YES),
    ("12 Hoa Mai, phường 30, quận Gò Vấp, HCM", "Hồ Chí Minh", "", "Phường 30", None),
    ("12 Hoa Mai, phường Không Có, quận Gò Vấp, HCM", "Hồ Chí Minh", "", "Không Có", None),
    ("Tầng 5, tòa nhà Hoa Sen, phường Dĩ An, tỉnh Bình Dương", "Hồ Chí Minh", "Bình Dương", "Dĩ An", YES),
    ("Toà nhà Hoa Sen, 12 Hoa Mai, phường Dĩ An, Bình Dương", "Hồ Chí Minh", "Bình Dương", "Dĩ An", YES),
    ("Lô C2, Quốc lộ 1A, xã Tân Lập 1, Tiền Giang", "Đồng Tháp", "Tiền Giang", "Tân Lập 1", YES),
    ("ngách 12/5, ngõ 3, thị trấn Trâu Quỳ, huyện Gia Lâm, Hà Nội", "Hà Nội", "", "Trâu Quỳ", YES),
    ("TT. Trâu Quỳ, H. Gia Lâm, HN", "Hà Nội", "", "Trâu Quỳ", YES),
    ("12 Hoa Mai, phường Thịnh Quang, quận Đống Đa (cũ), TP Hà Nội", "Hà Nội", "", "Thịnh Quang", YES),
    ("phường Xuân Hương - Đà Lạt, tỉnh Lâm Đồng", "Lâm Đồng", "", "Xuân Hương - Đà Lạt", YES),
    ("Phường 1 Bảo Lộc, Lâm Đồng", "Lâm Đồng", "", "1 Bảo Lộc", YES),
    ("xã Chân Mây – Lăng Cô, Huế", "Huế", "", "Chân Mây - Lăng Cô", YES),
    ("P. Hòa Bình, TP. Biên Hòa, Đồng Nai", "Đồng Nai", "", "Hòa Bình", YES),
    ("Phường Hải Dương, TP. Hải Phòng", "Hải Phòng", "", "Hải Dương", YES),
    ("P. Hải Tân, TP. Hải Dương, Hải Phòng", "Hải Phòng", "Hải Dương", "Hải Tân", YES),
    ("12 Hoa Mai, phường Quang Trung, TP. Kon Tum, Kontum", "Quảng Ngãi", "Kon Tum", "Quang Trung", YES),
    ("12 Hoa Mai, P. Mỹ Bình, TP. Phan Rang - Tháp Chàm", "Khánh Hòa", "", "Mỹ Bình", YES),
    ("12 Hoa Mai, phường Dịch Vọng, quận Cầu Giấy", "Hà Nội", "", "Dịch Vọng", YES),
    ("12 Hoa Mai phường Hòa Bình thành phố Hồ Chí Minh", "Hồ Chí Minh", "", "Hòa Bình", YES),
    ("12 Hoa Mai, quận Cầu Giấy", "Hà Nội", "", "", None),
    ("12 đường Hoa Mai, huyện Châu Thành, tỉnh Bến Tre", "Vĩnh Long", "Bến Tre", "", None),
    ("12 đường Hoa Mai, Đồng Nai", "Đồng Nai", "", "", None),
    ("Xã Phú Thị, huyện Gia Lâm, Hà Nội", "Hà Nội", "", "Phú Thị", YES),
];

/// Each with the province in the place of `*` that does not have the commune, and one that has.
const TWINS: [(&str, &str, &str); 20] = [
    ("12 Hoa Mai, Phường Bến Nghé, Quận 1, *", "Hà Nội", "TP.HCM"),
    ("12 Hoa Mai, phường Dịch Vọng, quận Cầu Giấy, *", "TP. Hồ Chí Minh", "TP. Hà Nội"),
    ("12 Hoa Mai, phường Thảo Điền, *", "Đà Nẵng", "TP. Hồ Chí Minh"),
    ("12 Hoa Mai, phuong thao dien, *", "ha noi", "tp hcm"),
    ("12 Hoa Mai, Phường 5, Quận 3, *", "Hà Nội", "Sài Gòn"),
    ("12 Hoa Mai, P5, *", "Hải Phòng", "Cà Mau"),
    ("xã Củ Chi, *", "tỉnh Long An", "thành phố Hồ Chí Minh"),
    ("Đặc khu Phú Quốc, *", "tỉnh Quảng Ninh", "tỉnh An Giang"),
    ("đặc khu Côn Đảo, *", "tỉnh Kiên Giang", "TP.HCM"),
    ("P.Thắng Tam, TP. Vũng Tàu, *", "Cần Thơ", "Bà Rịa - Vũng Tàu"),
    ("12 phố Hoa Ban, phường Hàng Bạc, quận Hoàn Kiếm, *", "Hải Phòng", "Hà Nội"),
    ("phường Sài Gòn, *", "Hà Nội", "TP Hồ Chí Minh"),
    ("thị trấn Trâu Quỳ, huyện Gia Lâm, *", "Bắc Ninh", "Hà Nội"),
    ("Phường Ninh Kiều, *", "tỉnh An Giang", "thành phố Cần Thơ"),
    ("xã Bát Tràng, *", "Hưng Yên", "Hà Nội"),
    ("P. Hải Châu, *", "Thừa Thiên Huế", "Đà Nẵng"),
    ("15 Hoa Cuc Street, Ben Nghe Ward, District 1, *", "Hanoi", "Ho Chi Minh City"),
    ("Phường Bến Nghé, *", "tỉnh Bình Dương", "TP.HCM"),
    ("PHƯỜNG THẢO ĐIỀN, THÀNH PHỐ THỦ ĐỨC, *", "ĐỒNG NAI", "TP.HCM"),
    ("xã Đất Mũi, *", "Kiên Giang", "Cà Mau"),
];

#[test]
fn addresses_as_people_write_them() {
    for (text, province, old_province, commune, is_consistent) in WRITTEN {
        let some = |text: &'static str| (!text.is_empty()).then_some(text);
        let found = find(text);
        let address = read(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(found.first(), Some(&address), "{text}");
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(address.province.as_deref(), some(province), "{text}");
        assert_eq!(address.old_province.as_deref(), some(old_province), "{text}");
        assert_eq!(address.commune.as_deref(), some(commune), "{text}");
        assert_eq!(address.commune_consistent, is_consistent, "{text}");
    }
}

#[test]
fn a_commune_outside_the_stated_province_and_its_clean_twin() {
    for (text, wrong, right) in TWINS {
        for (province, expected) in [(wrong, NO), (right, YES)] {
            let text = text.replace('*', province);
            let found = find(&text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(found[0].commune_consistent, expected, "{text}: {found:?}");
            assert_eq!(read(&text).as_ref(), found.first(), "{text}");
        }
    }
}

#[test]
fn an_address_is_cut_out_of_what_stands_around_it() {
    for (text, expected) in [
        (
            "Sản phẩm của Công ty Mẫu. Địa chỉ: Số 12 Hoa Mai, P.5, Q.3, TP.HCM. ĐT: 0900",
            "Số 12 Hoa Mai, P.5, Q.3, TP.HCM",
        ),
        (
            "Trụ sở chính tại số 5 đường Hoa Lan, xã Long Hưng, Đồng Nai; MST 1234",
            "số 5 đường Hoa Lan, xã Long Hưng, Đồng Nai",
        ),
        ("ĐC: 12 Hoa Mai Hà Nội", "12 Hoa Mai Hà Nội"),
        ("Đ/c: Thôn 3, xã Ea Kao, Đắk Lắk\nHotline", "Thôn 3, xã Ea Kao, Đắk Lắk"),
        ("Địa chỉ: Hà Nội", "Hà Nội"),
        ("Địa chỉ: 12 đường Hoa Mai\nCảm ơn", "12 đường Hoa Mai"),
        ("Address: 15 Hoa Cuc Street, Ben Nghe Ward, HCMC", "15 Hoa Cuc Street, Ben Nghe Ward, HCMC"),
        ("Shop ở số 12 đường Hoa Mai, quận 7, HCM nha", "số 12 đường Hoa Mai, quận 7, HCM"),
    ] {
        let found: Vec<&str> = find(text).iter().filter_map(|address| text.get(address.start..address.end)).collect();
        assert_eq!(found, [expected], "{text}");
    }
    let two = "Kho 1: 12 Hoa Mai, P.5, Q.3, HCM - Hà Nội: 7 Hoa Ban, phường Dịch Vọng, quận Cầu Giấy";
    let found: Vec<Option<bool>> = find(two).iter().map(|address| address.commune_consistent).collect();
    assert_eq!(found, [YES, YES]);
}

#[test]
fn a_province_alone_is_no_address() {
    for text in [
        "",
        "ship Hà Nội",
        "Freeship nội thành Hà Nội, TP.HCM, Đà Nẵng",
        "đặc sản Đà Lạt",
        "Đặc sản Đà Lạt, Lâm Đồng",
        "gửi từ TP.HCM",
        "TP. Hồ Chí Minh",
        "Giao hàng TP. Thủ Đức, TP.HCM trong 2h",
        "địa chỉ uy tín tại Hà Nội",
        "Địa chỉ mua sắm tin cậy của chị em Sài Gòn",
        "Đường phèn Quảng Ngãi 500g",
        "Combo 2 Đường Thốt Nốt, An Giang",
        "Yến sào Khánh Hòa 100g, tổ yến Nha Trang",
        "Combo 3 x Thanh Long Bình Thuận",
        "Set 3 Khô Bò, Đà Nẵng",
        "3 Khô Bò, Đà Nẵng",
        "Phở bò phố cổ Hà Nội, bún bò Huế",
        "xã hội chủ nghĩa, Hà Nội",
        "xa Hà Nội quá, nhớ Sài Gòn ghê",
        "Nhãn lồng Hưng Yên, vải thiều Thanh Hà Hải Dương, bưởi Phúc Trạch Hà Tĩnh",
        "Kho HCM: quận 7. Kho HN: Cầu Giấy",
        "Quần tây nam, áo phông Phương Anh, Hà Nội",
        "Áo size M, L, XL. Giá 199k, sale 12/12, Hà Nội nhận hàng sau 2 ngày",
        "Kem chống nắng 50ml, tỉnh táo cả ngày, h. 24",
        "Gạo ST25 Sóc Trăng 5kg, q. 5",
        "Hàng về 12/11 tại kho Bình Dương",
        "Nước mắm Phú Quốc 40 độ đạm, Kiên Giang",
        "Sữa tươi thành phố, trung tâm tỉnh",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}

#[test]
fn a_name_with_other_diacritics_is_not_held_against_anyone() {
    let of = |text: &str| read(text).unwrap().commune_consistent;
    assert_eq!(of("phường Bến Nghè, Hà Nội"), None);
    assert_eq!(of("phường Bến Nghè, TP.HCM"), None);
    // Nowhere is a "thị trấn Bến Nghé".
    assert_eq!(of("thị trấn Bến Nghé, Hà Nội"), None);
    assert_eq!(of("Phường Bến Nghé"), None);
}

proptest! {
    #[test]
    fn any_text_is_safe_and_spans_are_inside_it(
        text in "(phường |P\\.|Q1|xã |tỉnh |TP\\.?|HCM|Hà Nội|Huế|Bến Nghé|số |đường |ngõ |12/3A?|Địa chỉ:|nay là |Ward|\
                 [,.;:()\n -]|o\u{302}\u{301}|\\PC){0,24}"
    ) {
        for address in find(&text).into_iter().chain(read(&text)) {
            prop_assert!(address.start < address.end);
            prop_assert!(text.get(address.start..address.end).is_some());
        }
    }

    #[test]
    fn words_around_an_address_change_nothing(before in "([a-z]{3,8} ){0,4}", after in "( [a-z]{3,8}){0,4}") {
        let line = "Số 12 đường Hoa Mai, phường Bến Nghé, Quận 1, TP.HCM";
        let text = format!("{before}\n{line}.{after}");
        let found = find(&text);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(text.get(found[0].start..found[0].end), Some(line));
    }
}
