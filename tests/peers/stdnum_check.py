"""Says of each line "kind<TAB>value" whether python-stdnum takes the value for valid: 1 or 0, a line each.

Everything is read before anything is written, so that the caller may do the same.
"""

import sys

import stdnum.de.vat
import stdnum.ean
import stdnum.fr.siren
import stdnum.fr.siret
import stdnum.fr.tva
import stdnum.jp.cn
import stdnum.kr.brn
import stdnum.vn.mst

PEERS = {
    "gtin": stdnum.ean,
    "mst": stdnum.vn.mst,
    "de-vat": stdnum.de.vat,
    "siren": stdnum.fr.siren,
    "siret": stdnum.fr.siret,
    "fr-tva": stdnum.fr.tva,
    "jp-corporate": stdnum.jp.cn,
    "kr-business": stdnum.kr.brn,
}

lines = sys.stdin.buffer.read().decode("utf-8").splitlines()
verdicts = []
for line in lines:
    kind, value = line.split("\t")
    verdicts.append("1" if PEERS[kind].is_valid(value) else "0")
sys.stdout.write("\n".join(verdicts) + "\n")
