#include "CInference.h"

#if !__has_include(<openvino/openvino.hpp>)
#error "OpenVINO is not set up: run `make setup`"
#else
#include <openvino/openvino.hpp>

#include <malloc.h>

#include <cstdio>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct stance_model {
  ov::CompiledModel model;
  /// Names of the outputs that were asked for.
  std::vector<std::string> outputs;
  /// How many requests may run at once.
  int streams;
};

struct stance_network {
  ov::InferRequest request;
  /// Whether the runtime chooses the thread that infers.
  bool has_many_streams;
  ov::Tensor input;
  std::vector<ov::Tensor> outputs;
};

namespace {

/// Never destroyed: at exit the order of destruction against the plug-in's own statics is unknown.
ov::Core &core() {
  static ov::Core *shared = new ov::Core;
  return *shared;
}

/// Runs `body`, turning any C++ exception into one line of text and the value `failed`.
template <typename Body, typename Value>
Value guarded(char *error, size_t capacity, Value failed, Body body) noexcept {
  try {
    return body();
  } catch (const std::exception &exception) {
    std::snprintf(error, capacity, "%s", exception.what());
  } catch (...) {
    std::snprintf(error, capacity, "unknown C++ exception");
  }
  return failed;
}

std::vector<std::string> split(const std::string &text) {
  std::vector<std::string> words;
  std::stringstream stream(text);
  for (std::string word; std::getline(stream, word, ',');) words.push_back(word);
  return words;
}

std::vector<std::string> capabilities() {
  return core().get_property("CPU", ov::device::capabilities);
}

/// The settings for one engine of a given number of threads.
///
/// The precision is always named: the default differs between processors. Pinning is off: with it every
/// one-thread model runs on the same core, and two engines do the work of one.
ov::AnyMap settings(const stance_network_options &options) {
  const std::string precision = options.precision;
  if (precision == "bf16") {
    // Without hardware for it bf16 is emulated, silently, three times slower than f32.
    auto all = capabilities();
    if (std::find(all.begin(), all.end(), ov::device::capability::BF16) == all.end())
      throw std::runtime_error("this processor has no bf16");
  }
  return {{"INFERENCE_NUM_THREADS", options.threads * options.streams},
          {"NUM_STREAMS", options.streams},
          {"ENABLE_CPU_PINNING", false},
          {"INFERENCE_PRECISION_HINT", precision}};
}

/// The model without the outputs that are not wanted: a fifth to a half of the work of the landmark models
/// goes into the segmentation output alone.
std::shared_ptr<ov::Model> pruned(const std::shared_ptr<ov::Model> &model, const std::string &names) {
  ov::OutputVector kept;
  for (auto &name : split(names)) kept.push_back(model->output(name));
  return std::make_shared<ov::Model>(kept, model->get_parameters(), model->get_friendly_name());
}

/// The model with the input that is wanted: its size, and the order and type of its values.
std::shared_ptr<ov::Model> adapted(std::shared_ptr<ov::Model> model, const stance_network_options &options) {
  if (options.side > 0) model->reshape({1, options.side, options.side, 3});
  if (!options.takes_rgb_pixels) return model;
  ov::preprocess::PrePostProcessor processor(model);
  auto &input = processor.input();
  input.tensor().set_element_type(ov::element::f32).set_layout("NHWC");
  if (options.planar_bgr) {
    input.tensor().set_color_format(ov::preprocess::ColorFormat::RGB);
    input.preprocess().convert_color(ov::preprocess::ColorFormat::BGR);
    input.model().set_layout("NCHW");
  } else {
    input.model().set_layout("NHWC");
  }
  return processor.build();
}

stance_model *model(ov::CompiledModel compiled, const stance_network_options &options) {
  return new stance_model{std::move(compiled), split(options.outputs), options.streams};
}

/// Gives a tensor the bytes that were lent, and releases them when no tensor has them any more.
struct LentBytes {
  stance_lent_bytes lent;
  void *allocate(size_t, size_t) const { return const_cast<uint8_t *>(lent.bytes); }
  void deallocate(void *, size_t, size_t) const noexcept { lent.release(lent.context); }
  bool is_equal(const LentBytes &other) const { return lent.context == other.lent.context; }
};

}  // namespace

stance_model *stance_model_compile(const char *path, const stance_network_options *options, char *error,
                                   size_t capacity) {
  return guarded(error, capacity, static_cast<stance_model *>(nullptr), [&] {
    auto published = pruned(core().read_model(path), options->outputs);
    return model(core().compile_model(adapted(published, *options), "CPU", settings(*options)), *options);
  });
}

stance_model *stance_model_import(stance_lent_bytes bytes, const stance_network_options *options, char *error,
                                  size_t capacity) {
  return guarded(error, capacity, static_cast<stance_model *>(nullptr), [&] {
    ov::Tensor blob(ov::element::u8, {bytes.count}, LentBytes{bytes});
    auto imported = model(core().import_model(blob, "CPU", settings(*options)), *options);
    // Reading it leaves megabytes that are free but still the process's.
    malloc_trim(0);
    return imported;
  });
}

int stance_model_export(const stance_model *model, stance_sink sink, void *context, char *error, size_t capacity) {
  return guarded(error, capacity, 1, [&] {
    std::ostringstream stream;
    const_cast<ov::CompiledModel &>(model->model).export_model(stream);
    auto bytes = std::move(stream).str();
    sink(context, reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size());
    return 0;
  });
}

void stance_model_free(stance_model *model) { delete model; }

stance_network *stance_network_create(stance_model *model, char *error, size_t capacity) {
  return guarded(error, capacity, static_cast<stance_network *>(nullptr), [&] {
    auto network = std::make_unique<stance_network>();
    network->request = model->model.create_infer_request();
    network->has_many_streams = model->streams > 1;
    network->input = network->request.get_input_tensor();
    if (network->input.get_element_type() != ov::element::f32) throw std::runtime_error("the input is not f32");
    for (auto &name : model->outputs) {
      auto tensor = network->request.get_tensor(model->model.output(name));
      if (tensor.get_element_type() != ov::element::f32) throw std::runtime_error("output " + name + " is not f32");
      network->outputs.push_back(tensor);
    }
    return network.release();
  });
}

float *stance_network_input(stance_network *network, size_t *count) {
  *count = network->input.get_size();
  return network->input.data<float>();
}

int stance_network_infer(stance_network *network, char *error, size_t capacity) {
  return guarded(error, capacity, 1, [&] {
    if (network->has_many_streams) {
      // Threads of ours that infer themselves get streams in the order in which they first come, and two that share one
      // take turns: the runtime's own threads have a stream each.
      network->request.start_async();
      network->request.wait();
    } else {
      network->request.infer();
    }
    return 0;
  });
}

const float *stance_network_output(stance_network *network, size_t index, size_t *count) {
  if (index >= network->outputs.size()) return nullptr;
  *count = network->outputs[index].get_size();
  return network->outputs[index].data<float>();
}

void stance_network_free(stance_network *network) { delete network; }

const char *stance_runtime_version(void) {
  static const std::string version = ov::get_openvino_version().buildNumber;
  return version.c_str();
}

int stance_runtime_device(char *capabilities_text, char *name, size_t capacity) {
  return guarded(name, capacity, 1, [&] {
    std::string all;
    for (auto &one : capabilities()) all += (all.empty() ? "" : ",") + one;
    std::snprintf(capabilities_text, capacity, "%s", all.c_str());
    std::snprintf(name, capacity, "%s", core().get_property("CPU", ov::device::full_name).c_str());
    return 0;
  });
}
#endif
