#include "CPage.h"
static const uint8_t index_html[] = {
#embed "page/index.html"
};
const stance_page_file stance_page_files[] = {{"index.html", index_html, sizeof index_html}};
const size_t stance_page_file_count = sizeof stance_page_files / sizeof *stance_page_files;
