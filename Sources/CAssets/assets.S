// Files that the server sends, linked into the program so that one file is all there is to deploy.
// A change to one of them must rebuild this file: `make` touches it when an asset is newer.

.macro asset name, path
    .global \name
    .global \name\()_end
    .balign 16
\name:
    .incbin "\path"
\name\()_end:
    .byte 0
.endm

.section .rodata
asset asset_console_css, "files/console.css"
asset asset_live_js, "files/live.js"
asset asset_docs_js, "files/docs.js"
asset asset_charts_js, "files/charts.js"
asset asset_preview_js, "files/preview.js"
asset asset_icon_svg, "files/icon.svg"
asset asset_swagger_ui_js, "vendor/swagger-ui-bundle.js"
asset asset_swagger_ui_css, "vendor/swagger-ui.css"
asset asset_vega_js, "../../.drivers/vega/bundle.js"

.section .note.GNU-stack, "", %progbits
