"""Copy what the pages need of govuk-frontend from node_modules into static/vendor, which git ignores.

A council may not use GOV.UK's fonts, crest or crown, so those never reach static/vendor; the font is a custom
property that gatehouse.css sets. Source maps are not copied, so their comments go too: the manifest storage of
collectstatic would look for the files. A manifest records what each file was made from.

    python scripts/vendor.py
"""

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "node_modules" / "govuk-frontend"
TARGET = ROOT / "static" / "vendor" / "govuk-frontend"

STOCK_FONTS = "GDS Transport,arial,sans-serif"
OWN_FONTS = "var(--app-font-family,arial,sans-serif)"


def own_style(css: str) -> str:
    """Return the style sheet without GOV.UK's fonts and crest, with the council's font family in their place."""
    css = re.sub(r"/\*![^*]*Margaret Calvert[^*]*\*/", "", css)
    css = re.sub(r"@font-face\s*\{[^{}]*\}", "", css)
    css = re.sub(r"[^{}]*\{[^{}]*govuk-crest[^{}]*\}", "", css)
    css = css.replace(STOCK_FONTS, OWN_FONTS)
    css = css.replace("url(/assets/images/", "url(images/")
    return without_map(css)


def without_map(text: str) -> str:
    """Return the text without its source map comment."""
    return re.sub(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*", "", text).rstrip() + "\n"


def main() -> int:
    """Write static/vendor anew and return 0, or say what is wrong and return 1."""
    source = PACKAGE / "dist" / "govuk"
    if not source.is_dir():
        print("govuk-frontend is not in node_modules: run npm ci first.", file=sys.stderr)
        return 1
    made = {
        "govuk-frontend.min.css": own_style((source / "govuk-frontend.min.css").read_text(encoding="utf-8")),
        "govuk-frontend.min.js": without_map((source / "govuk-frontend.min.js").read_text(encoding="utf-8")),
    }
    style = made["govuk-frontend.min.css"]
    left = [word for word in ("@font-face", "GDS Transport", "crest", "url(", "sourceMappingURL") if word in style]
    if left:
        print(f"govuk-frontend has changed its style sheet; still in it: {', '.join(left)}.", file=sys.stderr)
        return 1
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for name, text in made.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    manifest = {
        "package": "govuk-frontend",
        "version": json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))["version"],
        "sha256": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in made.items()},
    }
    (TARGET / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
