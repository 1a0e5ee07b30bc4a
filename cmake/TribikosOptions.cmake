# Flags that every target of ours shares.
add_library(tribikos_options INTERFACE)
target_compile_features(tribikos_options INTERFACE cxx_std_20)
target_compile_options(tribikos_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor $<$<BOOL:${TRIBIKOS_WERROR}>:-Werror>)
target_compile_definitions(tribikos_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    TRIBIKOS_VERSION="${PROJECT_VERSION}")
target_include_directories(tribikos_options INTERFACE ${PROJECT_SOURCE_DIR})
