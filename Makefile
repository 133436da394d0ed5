# `make run` and `make test` need nothing but Swift and make: each sets up what is missing first.

# A folder with the models, for a machine without internet (docs/install.md).
MODELS ?=
# The photo that `make detect` looks at.
PHOTO ?= samples/astronaut.png
# Where `make install` puts the program, and a folder in front of that for packagers.
PREFIX ?= /usr/local
DESTDIR ?=
export MODELS DESTDIR

# The Swift library is linked in: the program then runs where no Swift is installed.
BUILD := swift build --configuration release --static-swift-stdlib
TEST := swift test --disable-xctest
# Without TBB_ENABLE_SANITIZERS oneTBB loads a library in a way that ends a sanitized process.
SANITIZE := TBB_ENABLE_SANITIZERS=1 SWIFT_BACKTRACE=enable=no scripts/sanitize.sh

.PHONY: help run detect test build install setup models lint browser clips api formats databases chaos blender fuzz sanitize bench load accuracy turned nobody tracks association jobs-bench video-bench streams endurance cameras clean
.DEFAULT_GOAL := help

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: build ## Set everything up and serve the page: open http://127.0.0.1:5000.
	@.build/release/stance serve

detect: build ## Set everything up, find the people in a photo (PHOTO=FILE) and draw them.
	@scripts/detect-sample.sh "$(PHOTO)"

# The network's tests have deadlines of tenths of a second, so they don't share the cores with the models';
# those of videos count this process's children, and keep both cores busy.
NETWORK := HTTPServerTests|StanceServiceTests
# No more than a few tests run at once: each has its deadlines from when it begins.
FEW := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8
test: setup ## Set everything up and run all tests.
	$(FEW) $(TEST) --skip '$(NETWORK)'
	$(FEW) $(TEST) --filter '$(NETWORK)' --skip VideoServiceTests
	$(FEW) $(TEST) --filter VideoServiceTests

build: setup ## Leave the program in .build/release/stance.
	$(BUILD) --product stance
	$(BUILD) --product stance-decode

install: build ## Install into PREFIX=FOLDER, which may be moved afterwards.
	@scripts/install.sh "$(PREFIX)"

setup: ## Get packages, OpenVINO, models and the sample photo, whatever of them is missing.
	@scripts/setup.sh

models: ## Try again to get the models that are missing (MODELS=FOLDER: from a folder).
	@scripts/setup.sh --retry

lint: ## Check formatting, scripts and house rules; needs no build.
	@scripts/lint.sh

browser: build ## Check the page in headless Chromium (Debian's chromium and chromium-driver).
	@scripts/browser-test.sh

clips: build ## Draw videos of all kinds and check them with ffprobe and in Chromium.
	@scripts/clips-test.sh

api: build ## Check the service against its OpenAPI description with schemathesis.
	@scripts/api-test.sh

formats: build ## Have every export read by the programs that people use (Debian's assimp-utils).
	@scripts/formats-test.sh

databases: ## Get Redis and PostgreSQL for the tests of the job stores, which are left out without; nothing is started.
	@scripts/setup-databases.sh

# JOBS=200 SECONDS=20 STORES=sqlite PARTS=storm is a short run.
JOBS ?= 2000
SECONDS ?= 120
STORES ?= sqlite,redis,redis-everysec,postgresql
PARTS ?= storm,clocks,hosts,poison,sweep
chaos: build ## Work on jobs while all is killed at random, for SECONDS with each store (as root more of it; Debian's faketime).
	@scripts/chaos-test.sh --jobs "$(JOBS)" --seconds "$(SECONDS)" --stores "$(STORES)" --parts "$(PARTS)"

# A video whose first person Blender is to show; made-up results without one.
CLIP ?=
blender: build ## Import moving figures into Blender and look at them (Debian's blender, CLIP=FILE).
	@scripts/blender-test.sh "$(CLIP)"

fuzz: setup ## Try odd bytes on all that reads bytes, FUZZ_SECONDS=60 for each target.
	@scripts/fuzz.sh

sanitize: setup ## Run all tests under the thread and the address sanitizer.
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/thread-sanitizer.supp $(SANITIZE) thread
	ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=16 $(SANITIZE) address

bench: build ## Measure speed, side by side with MediaPipe.
	@Benchmarks/run

load: build ## Measure the service under load, side by side with the well-known tutorial's server, and with live cameras.
	@Benchmarks/load

accuracy: build ## Measure accuracy on the open photos.
	@Benchmarks/accuracy

turned: build ## Measure accuracy on the open photos, turned by 90, 180 and 270 degrees.
	@Benchmarks/turned

nobody: build ## Count the poses in pictures without people (Debian's wallpapers and stamps).
	@Benchmarks/nobody

tracks: build ## Measure tracks of several people in the made clips, beside MediaPipe Tasks.
	@Benchmarks/tracks

association: build ## Measure who keeps ids apart, against OC-SORT, ByteTrack and greedy ids.
	@Benchmarks/association

jobs-bench: build ## Measure what jobs cost: beside their work, with 100,000 of them queued, and with two workers.
	@Benchmarks/jobs

video-bench: build ## Measure the speed of tracking, side by side with MediaPipe.
	@Benchmarks/video

streams: build ## Follow real streams: RTSP by GStreamer, HLS by ffmpeg (Debian's gir1.2-gst-rtsp-server-1.0).
	@scripts/streams-test.sh

endurance: build ## Draw an hour of made video and watch the memory, for up to an hour.
	@Benchmarks/endurance

# MINUTES=5 for a short one.
MINUTES ?= 30
cameras: build ## Serve four live cameras for MINUTES (30) and watch the memory.
	@Benchmarks/cameras --minutes "$(MINUTES)"

clean: ## Remove what was built; what set-up got stays.
	rm -rf .build .build-thread .build-address .build-fuzz out
