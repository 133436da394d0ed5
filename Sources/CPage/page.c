#include "CPage.h"

#define HTML "text/html; charset=utf-8"
#define CSS "text/css; charset=utf-8"
#define SCRIPT "text/javascript; charset=utf-8"
#define SVG "image/svg+xml; charset=utf-8"

// A new file in page/ needs its array and its row.
static const uint8_t index_html[] = {
#embed "page/index.html"
};
static const uint8_t app_js[] = {
#embed "page/app.js"
};
static const uint8_t base_css[] = {
#embed "page/base.css"
};
static const uint8_t boxes_js[] = {
#embed "page/boxes.js"
};
static const uint8_t camera_people_js[] = {
#embed "page/camera-people.js"
};
static const uint8_t camera_tab_js[] = {
#embed "page/camera-tab.js"
};
static const uint8_t camera_view_js[] = {
#embed "page/camera-view.js"
};
static const uint8_t camera_css[] = {
#embed "page/camera.css"
};
static const uint8_t clip_downloads_js[] = {
#embed "page/clip-downloads.js"
};
static const uint8_t clip_fragments_js[] = {
#embed "page/clip-fragments.js"
};
static const uint8_t clip_lines_js[] = {
#embed "page/clip-lines.js"
};
static const uint8_t clip_picture_js[] = {
#embed "page/clip-picture.js"
};
static const uint8_t clip_player_js[] = {
#embed "page/clip-player.js"
};
static const uint8_t clip_plot_js[] = {
#embed "page/clip-plot.js"
};
static const uint8_t clip_request_js[] = {
#embed "page/clip-request.js"
};
static const uint8_t clip_results_js[] = {
#embed "page/clip-results.js"
};
static const uint8_t clip_status_js[] = {
#embed "page/clip-status.js"
};
static const uint8_t clip_trails_js[] = {
#embed "page/clip-trails.js"
};
static const uint8_t clip_css[] = {
#embed "page/clip.css"
};
static const uint8_t clip_js[] = {
#embed "page/clip.js"
};
static const uint8_t colors_js[] = {
#embed "page/colors.js"
};
static const uint8_t counter_css[] = {
#embed "page/counter.css"
};
static const uint8_t counter_js[] = {
#embed "page/counter.js"
};
static const uint8_t csv_js[] = {
#embed "page/csv.js"
};
static const uint8_t dom_js[] = {
#embed "page/dom.js"
};
static const uint8_t downloads_js[] = {
#embed "page/downloads.js"
};
static const uint8_t drop_js[] = {
#embed "page/drop.js"
};
static const uint8_t examples_js[] = {
#embed "page/examples.js"
};
static const uint8_t figures_js[] = {
#embed "page/figures.js"
};
static const uint8_t frames_js[] = {
#embed "page/frames.js"
};
static const uint8_t geometry_js[] = {
#embed "page/geometry.js"
};
static const uint8_t icon_svg[] = {
#embed "page/icon.svg"
};
static const uint8_t intake_js[] = {
#embed "page/intake.js"
};
static const uint8_t job_card_js[] = {
#embed "page/job-card.js"
};
static const uint8_t job_memory_js[] = {
#embed "page/job-memory.js"
};
static const uint8_t job_offer_js[] = {
#embed "page/job-offer.js"
};
static const uint8_t job_pace_js[] = {
#embed "page/job-pace.js"
};
static const uint8_t job_requests_js[] = {
#embed "page/job-requests.js"
};
static const uint8_t job_results_js[] = {
#embed "page/job-results.js"
};
static const uint8_t job_upload_js[] = {
#embed "page/job-upload.js"
};
static const uint8_t job_watch_js[] = {
#embed "page/job-watch.js"
};
static const uint8_t job_words_js[] = {
#embed "page/job-words.js"
};
static const uint8_t job_js[] = {
#embed "page/job.js"
};
static const uint8_t jobs_tab_js[] = {
#embed "page/jobs-tab.js"
};
static const uint8_t jobs_css[] = {
#embed "page/jobs.css"
};
static const uint8_t jobs_js[] = {
#embed "page/jobs.js"
};
static const uint8_t language_js[] = {
#embed "page/language.js"
};
static const uint8_t layout_css[] = {
#embed "page/layout.css"
};
static const uint8_t lists_js[] = {
#embed "page/lists.js"
};
static const uint8_t live_js[] = {
#embed "page/live.js"
};
static const uint8_t memory_js[] = {
#embed "page/memory.js"
};
static const uint8_t movement_js[] = {
#embed "page/movement.js"
};
static const uint8_t notices_js[] = {
#embed "page/notices.js"
};
static const uint8_t photos_tab_js[] = {
#embed "page/photos-tab.js"
};
static const uint8_t photos_js[] = {
#embed "page/photos.js"
};
static const uint8_t picture_js[] = {
#embed "page/picture.js"
};
static const uint8_t postures_js[] = {
#embed "page/postures.js"
};
static const uint8_t quality_js[] = {
#embed "page/quality.js"
};
static const uint8_t regions_js[] = {
#embed "page/regions.js"
};
static const uint8_t result_css[] = {
#embed "page/result.css"
};
static const uint8_t sections_js[] = {
#embed "page/sections.js"
};
static const uint8_t service_js[] = {
#embed "page/service.js"
};
static const uint8_t settings_js[] = {
#embed "page/settings.js"
};
static const uint8_t shows_js[] = {
#embed "page/shows.js"
};
static const uint8_t skeleton_js[] = {
#embed "page/skeleton.js"
};
static const uint8_t tabs_js[] = {
#embed "page/tabs.js"
};
static const uint8_t theme_js[] = {
#embed "page/theme.js"
};
static const uint8_t timeline_plot_js[] = {
#embed "page/timeline-plot.js"
};
static const uint8_t timeline_js[] = {
#embed "page/timeline.js"
};
static const uint8_t tip_js[] = {
#embed "page/tip.js"
};
static const uint8_t video_tab_js[] = {
#embed "page/video-tab.js"
};
static const uint8_t webcam_js[] = {
#embed "page/webcam.js"
};
static const uint8_t words_en_js[] = {
#embed "page/words.en.js"
};
static const uint8_t words_zh_js[] = {
#embed "page/words.zh.js"
};
static const uint8_t world_js[] = {
#embed "page/world.js"
};

#define ROW(name, type, bytes) {name, type, bytes, sizeof bytes}
const stance_page_file stance_page_files[] = {
    ROW("index.html", HTML, index_html),
    ROW("app.js", SCRIPT, app_js),
    ROW("base.css", CSS, base_css),
    ROW("boxes.js", SCRIPT, boxes_js),
    ROW("camera-people.js", SCRIPT, camera_people_js),
    ROW("camera-tab.js", SCRIPT, camera_tab_js),
    ROW("camera-view.js", SCRIPT, camera_view_js),
    ROW("camera.css", CSS, camera_css),
    ROW("clip-downloads.js", SCRIPT, clip_downloads_js),
    ROW("clip-fragments.js", SCRIPT, clip_fragments_js),
    ROW("clip-lines.js", SCRIPT, clip_lines_js),
    ROW("clip-picture.js", SCRIPT, clip_picture_js),
    ROW("clip-player.js", SCRIPT, clip_player_js),
    ROW("clip-plot.js", SCRIPT, clip_plot_js),
    ROW("clip-request.js", SCRIPT, clip_request_js),
    ROW("clip-results.js", SCRIPT, clip_results_js),
    ROW("clip-status.js", SCRIPT, clip_status_js),
    ROW("clip-trails.js", SCRIPT, clip_trails_js),
    ROW("clip.css", CSS, clip_css),
    ROW("clip.js", SCRIPT, clip_js),
    ROW("colors.js", SCRIPT, colors_js),
    ROW("counter.css", CSS, counter_css),
    ROW("counter.js", SCRIPT, counter_js),
    ROW("csv.js", SCRIPT, csv_js),
    ROW("dom.js", SCRIPT, dom_js),
    ROW("downloads.js", SCRIPT, downloads_js),
    ROW("drop.js", SCRIPT, drop_js),
    ROW("examples.js", SCRIPT, examples_js),
    ROW("figures.js", SCRIPT, figures_js),
    ROW("frames.js", SCRIPT, frames_js),
    ROW("geometry.js", SCRIPT, geometry_js),
    ROW("icon.svg", SVG, icon_svg),
    ROW("intake.js", SCRIPT, intake_js),
    ROW("job-card.js", SCRIPT, job_card_js),
    ROW("job-memory.js", SCRIPT, job_memory_js),
    ROW("job-offer.js", SCRIPT, job_offer_js),
    ROW("job-pace.js", SCRIPT, job_pace_js),
    ROW("job-requests.js", SCRIPT, job_requests_js),
    ROW("job-results.js", SCRIPT, job_results_js),
    ROW("job-upload.js", SCRIPT, job_upload_js),
    ROW("job-watch.js", SCRIPT, job_watch_js),
    ROW("job-words.js", SCRIPT, job_words_js),
    ROW("job.js", SCRIPT, job_js),
    ROW("jobs-tab.js", SCRIPT, jobs_tab_js),
    ROW("jobs.css", CSS, jobs_css),
    ROW("jobs.js", SCRIPT, jobs_js),
    ROW("language.js", SCRIPT, language_js),
    ROW("layout.css", CSS, layout_css),
    ROW("lists.js", SCRIPT, lists_js),
    ROW("live.js", SCRIPT, live_js),
    ROW("memory.js", SCRIPT, memory_js),
    ROW("movement.js", SCRIPT, movement_js),
    ROW("notices.js", SCRIPT, notices_js),
    ROW("photos-tab.js", SCRIPT, photos_tab_js),
    ROW("photos.js", SCRIPT, photos_js),
    ROW("picture.js", SCRIPT, picture_js),
    ROW("postures.js", SCRIPT, postures_js),
    ROW("quality.js", SCRIPT, quality_js),
    ROW("regions.js", SCRIPT, regions_js),
    ROW("result.css", CSS, result_css),
    ROW("sections.js", SCRIPT, sections_js),
    ROW("service.js", SCRIPT, service_js),
    ROW("settings.js", SCRIPT, settings_js),
    ROW("shows.js", SCRIPT, shows_js),
    ROW("skeleton.js", SCRIPT, skeleton_js),
    ROW("tabs.js", SCRIPT, tabs_js),
    ROW("theme.js", SCRIPT, theme_js),
    ROW("timeline-plot.js", SCRIPT, timeline_plot_js),
    ROW("timeline.js", SCRIPT, timeline_js),
    ROW("tip.js", SCRIPT, tip_js),
    ROW("video-tab.js", SCRIPT, video_tab_js),
    ROW("webcam.js", SCRIPT, webcam_js),
    ROW("words.en.js", SCRIPT, words_en_js),
    ROW("words.zh.js", SCRIPT, words_zh_js),
    ROW("world.js", SCRIPT, world_js),
};
const size_t stance_page_file_count = sizeof stance_page_files / sizeof *stance_page_files;
