#include "CInference.h"

#if !__has_include(<openvino/openvino.hpp>)
#error "OpenVINO is not set up: run `make setup`"
#else
#include <openvino/openvino.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/result.hpp>
#include <openvino/op/transpose.hpp>

#include <malloc.h>

#include <cstdio>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct stance_model {
  ov::CompiledModel model;
  /// How many requests may run at once.
  int streams;
};

struct stance_network {
  ov::InferRequest request;
  /// Whether the runtime chooses the thread that infers.
  bool has_many_streams;
  /// The outputs of the last inference: those of a free size move.
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

/// The model of planes of B, G and R as one of rows of R, G, B.
std::shared_ptr<ov::Model> taking_rows(const std::shared_ptr<ov::Model> &model) {
  ov::preprocess::PrePostProcessor processor(model);
  auto &input = processor.input();
  input.tensor().set_element_type(ov::element::f32).set_layout("NHWC").set_color_format(
      ov::preprocess::ColorFormat::RGB);
  input.preprocess().convert_color(ov::preprocess::ColorFormat::BGR);
  input.model().set_layout("NCHW");
  return processor.build();
}

/// The value of that name in a model.
ov::Output<ov::Node> value_named(const ov::Model &model, const std::string &name) {
  for (auto &node : model.get_ops())
    for (auto &output : node->outputs())
      if (output.get_names().count(name)) return output;
  throw std::runtime_error("the model has no value " + name);
}

/// The feature map that a value is another view of, or measures.
ov::Output<ov::Node> feature_map(ov::Output<ov::Node> value) {
  const std::set<std::string> views{"Transpose", "Squeeze", "Unsqueeze", "Reshape", "ShapeOf", "Gather"};
  while (views.count(value.get_node()->get_type_name())) value = value.get_node()->input_value(0);
  return value;
}

/// What of a model lies between a value, which the input gives instead, and feature maps, which become the outputs: all of
/// them one picture in rows, whose sides lie within bounds.
///
/// What surrounds the convolutions costs a tenth of MoveNet's time and most of what a size left free costs.
std::shared_ptr<ov::Model> convolutions(const std::shared_ptr<ov::Model> &model,
                                        const stance_network_options &options) {
  using namespace ov::op;
  auto order = [](std::vector<int64_t> axes) {
    return v0::Constant::create(ov::element::i64, ov::Shape{axes.size()}, axes);
  };
  ov::ResultVector results;
  for (auto &name : split(options.outputs)) {
    auto rows = std::make_shared<v1::Transpose>(feature_map(value_named(*model, name)), order({0, 2, 3, 1}));
    results.push_back(std::make_shared<v0::Result>(rows));
  }
  const ov::Dimension side(options.least_side, options.most_side);
  auto pixels = std::make_shared<v0::Parameter>(ov::element::f32, ov::PartialShape{1, side, side, 3});
  auto planes = std::make_shared<v1::Transpose>(pixels, order({0, 3, 1, 2}));
  for (auto &target : value_named(*model, options.first).get_target_inputs()) target.replace_source_output(planes);
  return std::make_shared<ov::Model>(results, ov::ParameterVector{pixels}, model->get_friendly_name());
}

/// The published model as it is wanted.
std::shared_ptr<ov::Model> adapted(const std::shared_ptr<ov::Model> &model, const stance_network_options &options) {
  if (options.first) return convolutions(model, options);
  auto kept = pruned(model, options.outputs);
  return options.planar_bgr ? taking_rows(kept) : kept;
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
    auto model = adapted(core().read_model(path), *options);
    return new stance_model{core().compile_model(model, "CPU", settings(*options)), options->streams};
  });
}

stance_model *stance_model_import(stance_lent_bytes bytes, const stance_network_options *options, char *error,
                                  size_t capacity) {
  return guarded(error, capacity, static_cast<stance_model *>(nullptr), [&] {
    ov::Tensor blob(ov::element::u8, {bytes.count}, LentBytes{bytes});
    auto imported = core().import_model(blob, "CPU", settings(*options));
    stance_give_back_memory();
    return new stance_model{std::move(imported), options->streams};
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
    if (model->model.input().get_element_type() != ov::element::f32) throw std::runtime_error("the input is not f32");
    for (auto &output : model->model.outputs()) {
      if (output.get_element_type() != ov::element::f32) throw std::runtime_error("an output is not f32");
      network->outputs.emplace_back();
    }
    return network.release();
  });
}

float *stance_network_input(stance_network *network, int32_t width, int32_t height, size_t *count, char *error,
                            size_t capacity) {
  return guarded(error, capacity, static_cast<float *>(nullptr), [&] {
    auto input = network->request.get_input_tensor();
    if (width > 0) input.set_shape({1, static_cast<size_t>(height), static_cast<size_t>(width), 3});
    *count = input.get_size();
    return input.data<float>();
  });
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
    for (size_t index = 0; index < network->outputs.size(); ++index)
      network->outputs[index] = network->request.get_output_tensor(index);
    return 0;
  });
}

const float *stance_network_output(stance_network *network, size_t index, size_t *count) {
  if (index >= network->outputs.size() || !network->outputs[index]) return nullptr;
  *count = network->outputs[index].get_size();
  return network->outputs[index].data<float>();
}

void stance_network_free(stance_network *network) { delete network; }

void stance_give_back_memory(void) { malloc_trim(0); }

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
