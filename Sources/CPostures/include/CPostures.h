#pragma once
// Labelled poses of push-ups and squats: Google's 812 BlazePose samples of ML Kit's quick start (Apache-2.0), of which the
// twelve joints that the classifier compares were kept, centred and scaled. THIRD_PARTY_NOTICES.md names the source.
//
// 812 records of 73 bytes: the class (0 pushups_up, 1 pushups_down, 2 squats_up, 3 squats_down), then x, y, z of left and
// right shoulder, elbow, wrist, hip, knee, ankle as little-endian 16-bit numbers: tenths of a hundredth of the pose's size.
#include <stddef.h>
#include <stdint.h>

extern const uint8_t stance_posture_samples[];
extern const size_t stance_posture_samples_count;

/// The bytes: Swift sees no array of unknown length.
static inline const uint8_t *_Nonnull stance_posture_samples_bytes(void) { return stance_posture_samples; }
