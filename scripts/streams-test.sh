#!/usr/bin/env bash
# Follows RTSP by GStreamer's server and HLS by ffmpeg, on this machine alone (Tests/Live/streams.py).
source "$(dirname "$0")/common.sh"

scripts/setup-packages.sh ffmpeg gir1.2-gst-rtsp-server-1.0 python3-gi \
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly
exec timeout 400 /usr/bin/python3 Tests/Live/streams.py .build/release/stance
