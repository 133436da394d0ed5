#include "CPostures.h"

const uint8_t stance_posture_samples[] = {
#embed "samples.bin"
};
const size_t stance_posture_samples_count = sizeof stance_posture_samples;
