#ifndef CASSETS_H
#define CASSETS_H

#include <stddef.h>

// The bytes of one embedded file; they live as long as the program.
typedef struct {
    const unsigned char *bytes;
    size_t count;
} CAsset;

#define ASSET(name)                                                            \
    extern const unsigned char asset_##name[];                                 \
    extern const unsigned char asset_##name##_end[];                           \
    static inline CAsset asset_##name##_file(void) {                           \
        return (CAsset){asset_##name, (size_t)(asset_##name##_end - asset_##name)}; \
    }

ASSET(console_css)
ASSET(live_js)
ASSET(docs_js)
ASSET(charts_js)
ASSET(preview_js)
ASSET(icon_svg)
ASSET(swagger_ui_js)
ASSET(swagger_ui_css)
ASSET(vega_js)
ASSET(help_console)
ASSET(help_results)
ASSET(help_statistics)
ASSET(help_analysis)
ASSET(help_events)
ASSET(help_assignment)
ASSET(help_cinema)
ASSET(help_clients)
ASSET(help_effect_check)
ASSET(help_spending)
ASSET(help_operations)
ASSET(help_performance)
ASSET(help_library)
ASSET(help_calibration)
ASSET(help_architecture)
ASSET(data_svg)
ASSET(partnership_svg)
ASSET(team_svg)

#endif
