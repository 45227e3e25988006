#!/usr/bin/env python3
"""Writes the tables of this folder from the PyPI package named below. Run by hand, the output is committed.

    python3 core/knowledge/units/generate.py
"""

import collections
import csv
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
import zipfile

PACKAGE = "vietnamadminunits==1.0.4"
FOLDER = pathlib.Path(__file__).parent
# The package is of 2025. Đồng Nai is a centrally run city since 30/04/2026: Resolution 30/2026/QH16.
CITIES_SINCE = {"Đồng Nai"}


def download(folder):
    """The query function of the package's database, and which old provinces went into which new one."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE]
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder)
    (licence,) = folder.glob("*.dist-info/licenses/LICENSE")
    (FOLDER / "LICENSE").write_bytes(licence.read_bytes())
    database = sqlite3.connect(":memory:")
    sqlite3.connect(folder / "vietnamadminunits/data/dataset.db").backup(database)
    mapping = json.loads((folder / "vietnamadminunits/data/converter_2025.json").read_text(encoding="utf-8"))
    return lambda query: database.execute(query).fetchall(), mapping["DICT_PROVINCE"]


def write(name, header, rows):
    with open(FOLDER / name, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def split(unit, kinds):
    """"Phường 1" is the name "1" of the kind "phường"."""
    kind = next(kind for kind in kinds if unit.lower().startswith(kind + " "))
    return unit[len(kind) + 1 :].strip(), kind


def fold(text):
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum())


def earlier_names(aliases):
    """The package keeps names of units merged away before 2025 as keys, with their kind ("xadongdu") and without."""
    for alias in aliases:
        match = re.fullmatch("(phuong|xa|thitran)(.+)", alias)
        if match and (match[2] in aliases or match[2].isdigit()):
            yield match[2].lstrip("0")


def grouped(rows):
    """One row for each (…, kind) with all its names, sorted and joined."""
    groups = collections.defaultdict(set)
    for *key, name in rows:
        groups[tuple(key)].add(name)
    return [(*key, ";".join(sorted(names))) for key, names in sorted(groups.items())]


def main():
    with tempfile.TemporaryDirectory() as folder:
        data, merged = download(pathlib.Path(folder))

    provinces, code_of = [], {}
    for unit, key, code in data("SELECT DISTINCT province, provinceKey, provinceCode FROM admin_units"):
        name, kind = split(unit, ("thành phố", "tỉnh"))
        provinces.append((code, name, "thành phố" if name in CITIES_SINCE else kind))
        code_of |= {old: code for old in merged[key]}
    write("provinces.csv", ("code", "name", "kind"), sorted(provinces))

    old_provinces = data("SELECT DISTINCT provinceShort, provinceKey FROM admin_units_legacy")
    write("old-provinces.csv", ("name", "province"), sorted((name, code_of[key]) for name, key in old_provinces))

    communes = []
    for code, unit in data("SELECT provinceCode, ward FROM admin_units"):
        name, kind = split(unit, ("phường", "xã", "đặc khu"))
        communes.append((code, kind, name))
    write("communes.csv", ("province", "kind", "names"), grouped(communes))

    districts, old_communes, earlier = [], [], []
    for province, unit, ward, aliases in data("SELECT provinceShort, district, ward, wardAlias FROM admin_units_legacy"):
        district, district_kind = split(unit, ("quận", "huyện", "thị xã", "thành phố"))
        districts.append((province, district_kind, district))
        if ward is None:  # A district of islands without communes.
            continue
        name, kind = split(ward, ("phường", "xã", "thị trấn"))
        old_communes.append((province, f"{district_kind} {district}", kind, name))
        earlier += ((province, fold(name)) for name in earlier_names(json.loads(aliases or "[]")))
    write("old-districts.csv", ("province", "kind", "names"), grouped(districts))
    write("old-communes.csv", ("province", "district", "kind", "names"), grouped(old_communes))
    write("earlier-communes.csv", ("province", "names"), grouped(earlier))


if __name__ == "__main__":
    main()
