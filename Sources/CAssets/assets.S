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
asset asset_help_console, "../../Documentation/console.md"
asset asset_help_results, "../../Documentation/results-and-tools.md"
asset asset_help_statistics, "../../Documentation/statistics.md"
asset asset_help_analysis, "../../Documentation/analysis.md"
asset asset_help_events, "../../Documentation/events.md"
asset asset_help_assignment, "../../Documentation/assignment.md"
asset asset_help_cinema, "../../Documentation/cinema.md"
asset asset_help_clients, "../../Documentation/clients.md"
asset asset_help_effect_check, "../../Documentation/effect-check.md"
asset asset_help_spending, "../../Documentation/spending.md"
asset asset_help_operations, "../../Documentation/operations.md"
asset asset_help_performance, "../../Documentation/performance.md"
asset asset_help_library, "../../Documentation/statistics-library.md"
asset asset_help_calibration, "../../Documentation/calibration.md"
asset asset_help_architecture, "../../Documentation/architecture.md"
asset asset_data_svg, "../../Documentation/diagrams/data.svg"
asset asset_partnership_svg, "../../Documentation/diagrams/partnership.svg"
asset asset_team_svg, "../../Documentation/diagrams/team.svg"

.section .note.GNU-stack, "", %progbits
