#pragma once
// The few calls of OpenVINO that Stance needs, in C, so that no OpenVINO header reaches Swift.
// A call that fails writes one line into `error` (`capacity` bytes, always terminated).
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled model, which several networks may share. Used by any number of threads.
typedef struct stance_model stance_model;

/// One inference request of a compiled model, with its input and outputs. Used by one thread at a time.
typedef struct stance_network stance_network;

typedef struct {
  int32_t threads;                  ///< Threads of one inference.
  int32_t streams;                  ///< How many networks may infer at once.
  const char *_Nonnull precision;   ///< "f32" or "bf16".
  const char *_Nonnull outputs;     ///< Names of the outputs to keep, comma separated, in the order wanted.
  int32_t planar_bgr;               ///< Whether the model wants planes of B, G and R; its input is made to take rows of
                                    ///< R, G, B then.
  const char *_Nullable first;      ///< For a convolutional model of no fixed size: the name of the value that its first
                                    ///< convolution takes. The input, rows of R, G, B as floats, gives that value; each
                                    ///< output is the feature map that the named value shows or measures, rows of cells.
  int32_t least_side, most_side;    ///< The bounds of that input's sides in pixels.
} stance_network_options;

/// Bytes that somebody else keeps until they are released.
typedef struct {
  const uint8_t *_Nonnull bytes;
  size_t count;                                     ///< At least 1.
  void (*_Nonnull release)(void *_Nonnull context);  ///< Called once, from any thread, when nothing refers to them.
  void *_Nonnull context;
} stance_lent_bytes;

/// Reads a model file (.tflite, or .xml with its .bin beside it) and compiles it without the outputs that are not named. NULL on failure.
stance_model *_Nullable stance_model_compile(const char *_Nonnull path, const stance_network_options *_Nonnull options,
                                             char *_Nonnull error, size_t capacity);

/// Makes a model of bytes that `stance_model_export` wrote; it may refer to them as long as it or a network of it lives. NULL on failure.
stance_model *_Nullable stance_model_import(stance_lent_bytes bytes, const stance_network_options *_Nonnull options,
                                            char *_Nonnull error, size_t capacity);

typedef void (*stance_sink)(void *_Nullable context, const uint8_t *_Nonnull bytes, size_t count);

/// Hands the compiled model to `sink` as one run of bytes. 0 on success.
int stance_model_export(const stance_model *_Nonnull model, stance_sink _Nonnull sink, void *_Nullable context,
                        char *_Nonnull error, size_t capacity);

void stance_model_free(stance_model *_Nullable model);

/// One more request of the model, which may be freed before it. NULL on failure.
stance_network *_Nullable stance_network_create(stance_model *_Nonnull model, char *_Nonnull error, size_t capacity);

/// Where to write the next input, and how many floats it takes. Valid until it is asked for again. NULL on failure.
///
/// `width` and `height` are its sides in pixels where the model leaves them free, else 0.
float *_Nullable stance_network_input(stance_network *_Nonnull network, int32_t width, int32_t height,
                                      size_t *_Nonnull count, char *_Nonnull error, size_t capacity);

/// Runs the model on what the input holds. 0 on success.
int stance_network_infer(stance_network *_Nonnull network, char *_Nonnull error, size_t capacity);

/// An output, by its place in the list of names; NULL when there is none. Valid until the next inference.
const float *_Nullable stance_network_output(stance_network *_Nonnull network, size_t index,
                                             size_t *_Nonnull count);

void stance_network_free(stance_network *_Nullable network);

/// Gives the system memory that is free but still the process's: reading and packing a model leave megabytes. About 1 ms of work.
void stance_give_back_memory(void);

/// The runtime's build: "2026.4.1-…".
const char *_Nonnull stance_runtime_version(void);

/// What the CPU plug-in says it can do at full speed, comma separated ("FP32,BF16,…"), and the processor's name.
int stance_runtime_device(char *_Nonnull capabilities, char *_Nonnull name, size_t capacity);

#ifdef __cplusplus
}
#endif
