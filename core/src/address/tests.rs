use super::*;
use crate::knowledge::BUILT_IN;

#[test]
fn show() {
    let reader = AddressReader::new(&Knowledge::open(BUILT_IN).unwrap()).unwrap();
    for line in std::fs::read_to_string("/tmp/h-addr/lines.txt").unwrap().lines() {
        println!("{line}");
        for a in reader.find(line) {
            println!("   F [{}] {a:?}", &line[a.start..a.end]);
        }
        if let Some(a) = reader.read(line) {
            println!("   R [{}] {a:?}", &line[a.start..a.end]);
        }
    }
}
