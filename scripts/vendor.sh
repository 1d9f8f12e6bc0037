#!/bin/sh
# Fetches the front-end libraries at their pinned versions and rebuilds static/vendor and static/img/icons.svg.
# Run it from the checkout when a version changes, look at `git diff static`, commit what it made.
set -eu

BOOTSTRAP=5.3.9
HTMX=4.0.1
ICONS=3.51.0
SWAGGER=5.35.0

# Only the icons the pages use: every name here costs each first visit about a hundred bytes.
ICON_NAMES="
activity adjustments affiliate alert-triangle arrow-back-up arrow-down arrow-right arrow-up arrows-exchange bell book
briefcase building building-community building-factory-2 calendar-check calendar-event certificate chart-bar chart-line
check checklist chevron-down chevron-left chevron-right circle-check circle-x clipboard-check clipboard-list clock
contrast copy database dots download external-link eye eye-off file-spreadsheet file-text filter flag gauge gavel
hand-click heart-handshake help history home info-circle key keyboard language link list list-check lock lock-open
logout mail map-pin menu-2 message moon notes package paperclip pencil phone pin plus printer qrcode receipt refresh
report scale search send settings shield-check sitemap star sun table target ticket topology-star-3 trash truck upload
user users x
"

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() { # fetch NAME VERSION FOLDER
  (cd "$work" && npm pack --silent "$1@$2" >/dev/null)
  mkdir "$work/$3"
  tar -xzf "$work"/*.tgz -C "$work/$3" --strip-components=1
  rm "$work"/*.tgz
}

fetch bootstrap "$BOOTSTRAP" bootstrap
fetch htmx.org "$HTMX" htmx
fetch @tabler/icons "$ICONS" icons
fetch swagger-ui-dist "$SWAGGER" swagger

vendor=$root/static/vendor
mkdir -p "$vendor/bootstrap" "$vendor/htmx" "$vendor/tabler-icons" "$vendor/swagger-ui"
# The source maps are not shipped, so the pointers to them would only be failing requests.
grep -v '^/\*# sourceMappingURL' "$work/bootstrap/dist/css/bootstrap.min.css" >"$vendor/bootstrap/bootstrap.min.css"
cp "$work/bootstrap/LICENSE" "$vendor/bootstrap/LICENSE"
sed '/^\/\/# sourceMappingURL/d' "$work/htmx/dist/htmx.min.js" >"$vendor/htmx/htmx.min.js"
cp "$work/htmx/LICENSE" "$vendor/htmx/LICENSE"
cp "$work/icons/LICENSE" "$vendor/tabler-icons/LICENSE"
sed '/^\/\/# sourceMappingURL/d' "$work/swagger/swagger-ui-bundle.js" >"$vendor/swagger-ui/swagger-ui-bundle.js"
sed 's/\/\*# sourceMappingURL=[^*]*\*\///' "$work/swagger/swagger-ui.css" >"$vendor/swagger-ui/swagger-ui.css"
cp "$work/swagger/LICENSE" "$work/swagger/NOTICE" "$work/swagger/swagger-ui-bundle.js.LICENSE.txt" "$vendor/swagger-ui/"

sprite=$root/static/img/icons.svg
echo '<svg xmlns="http://www.w3.org/2000/svg">' >"$sprite"
for name in $ICON_NAMES; do
  printf '<symbol id="%s" viewBox="0 0 24 24">' "$name" >>"$sprite"
  sed -n '/^  *<path\|^  *<circle\|^  *<rect/p' "$work/icons/icons/outline/$name.svg" |
    grep -v 'stroke="none" d="M0 0h24v24H0z"' | sed 's/^ *//; s| */>|/>|' | tr -d '\n' >>"$sprite"
  echo '</symbol>' >>"$sprite"
done
echo '</svg>' >>"$sprite"

cat >"$vendor/README.md" <<END
# Vendored front-end libraries

Committed as built, fetched by \`scripts/vendor.sh\`; never edited by hand. Source maps are left out.

| library | version | licence | what we take | why |
|---|---|---|---|---|
| Bootstrap | $BOOTSTRAP | MIT | \`bootstrap/bootstrap.min.css\` | resets, grid, spacing classes; no script of it |
| htmx | $HTMX | 0BSD | \`htmx/htmx.min.js\` | fragments and polling; \`hx-on\` and \`js:\` are never used, they need eval |
| Tabler Icons | $ICONS | MIT | the symbols in \`../img/icons.svg\` | one sprite of the icons the pages use |
| Swagger UI | $SWAGGER | Apache-2.0 | \`swagger-ui/swagger-ui-bundle.js\`, \`swagger-ui/swagger-ui.css\` | the explorer on the page of the API, loaded there alone |
END
