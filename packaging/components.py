#!/usr/bin/env python3
"""usage: components.py PROGRAM > components.spdx.json

Lists the components of an archive of rso in SPDX 2.3, as JSON. Versions are those of the system that built the
program; the licences of Debian's libraries are the texts that Debian installs with them.
"""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Debian packages: those whose library is part of the program, and those whose library lies beside it.
STATIC = ["libhdf5-dev", "libaec-dev", "libpng-dev", "libjpeg62-turbo-dev"]
BESIDE = ["libssl3", "zlib1g"]
SWIFT = "Apache-2.0 WITH Swift-exception"


def output(*words: str) -> str:
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


def package(name: str, version: str, licence: str, location: str, **more: object) -> dict[str, object]:
    return {
        "SPDXID": "SPDXRef-" + name, "name": name, "versionInfo": version, "licenseConcluded": licence,
        "licenseDeclared": licence, "downloadLocation": location, "copyrightText": "NOASSERTION",
        "filesAnalyzed": False, **more}


def debian(name: str) -> tuple[dict[str, object], dict[str, str]]:
    source, version = output(
        "dpkg-query", "--show", "--showformat", "${source:Package} ${source:Version}", name).split()
    licence = "LicenseRef-" + source
    # The version may hold an epoch, whose colon a purl writes as %3A.
    purl = f"pkg:deb/debian/{source}@{version.replace(':', '%3A').replace('+', '%2B')}"
    reference = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}
    text = pathlib.Path(f"/usr/share/doc/{name}/copyright").read_text(errors="replace")
    return (
        package(source, version, licence, f"https://tracker.debian.org/pkg/{source}", externalRefs=[reference]),
        {"licenseId": licence, "name": f"Licences of {source}", "extractedText": text})


def main() -> None:
    program = sys.argv[1]
    version = output(program, "--version").split()[1]
    digest = hashlib.sha256(pathlib.Path(program).read_bytes()).hexdigest()
    swift = re.search(r"Swift version (\S+)", output("swift", "--version"))
    if not swift:
        sys.exit("components.py: cannot find the version of Swift")
    pins = {pin["identity"]: pin for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]}
    parser = pins["swift-argument-parser"]
    rso = package(
        "rso", version, "Apache-2.0", "NOASSERTION", checksums=[{"algorithm": "SHA256", "checksumValue": digest}],
        comment="The checksum is that of the program.", primaryPackagePurpose="APPLICATION")
    parts = [
        package("swift", swift.group(1), SWIFT, "https://github.com/swiftlang/swift"),
        package("swift-argument-parser", parser["state"]["version"], SWIFT, parser["location"])]
    licences = []
    kinds = {"SPDXRef-swift": "STATIC_LINK", "SPDXRef-swift-argument-parser": "STATIC_LINK"}
    for names, kind in ((STATIC, "STATIC_LINK"), (BESIDE, "DYNAMIC_LINK")):
        for name in names:
            part, licence = debian(name)
            parts.append(part)
            licences.append(licence)
            kinds[str(part["SPDXID"])] = kind
    mnist = package(
        "mnist", "1998", "CC-BY-SA-3.0", "http://yann.lecun.com/exdb/mnist", primaryPackagePurpose="OTHER")
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-rso"), ("SPDXRef-rso", "CONTAINS", "SPDXRef-mnist")]
    relations += [("SPDXRef-rso", kind, part) for part, kind in kinds.items()]
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"])))
    json.dump({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"rso-{version}", "documentNamespace": f"https://spdx.org/spdxdocs/rso-{version}-{digest}",
        "creationInfo": {"created": created, "creators": ["Tool: rso-components"]},
        "packages": [rso, *parts, mnist], "hasExtractedLicensingInfos": licences,
        "relationships": [
            {"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b} for a, kind, b in relations],
    }, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
