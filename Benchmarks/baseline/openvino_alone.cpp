// What OpenVINO itself needs from process start to the first result of both models: what Stance's start is measured against.
//
//   openvino-alone start CACHE PRECISION THREADS MODEL:OUTPUT,OUTPUT…  …    load each by way of OpenVINO's own cache, infer once
//   openvino-alone work MODEL:OUTPUT,OUTPUT…  …                             multiply-adds of each, in millions
#include <openvino/openvino.hpp>

#include <cstdio>
#include <exception>
#include <memory>
#include <sstream>
#include <string>

namespace {

/// The model without the outputs that are not named, as Stance compiles it.
std::shared_ptr<ov::Model> pruned(ov::Core &core, const std::string &argument) {
  const auto colon = argument.rfind(':');
  const auto model = core.read_model(argument.substr(0, colon));
  ov::OutputVector kept;
  std::stringstream names(argument.substr(colon + 1));
  for (std::string name; std::getline(names, name, ',');) kept.push_back(model->output(name));
  return std::make_shared<ov::Model>(kept, model->get_parameters(), "pruned");
}

/// Multiply-adds of the convolutions, which are all but a few thousandths of these models' work.
double multiplyAdds(const ov::Model &model) {
  double sum = 0;
  for (const auto &node : model.get_ordered_ops()) {
    const std::string type = node->get_type_name();
    if (type != "Convolution" && type != "GroupConvolution") continue;
    const auto weights = node->get_input_shape(1);
    // [out, in, height, width], with the group's number in front where there are groups.
    double each = 1;
    for (size_t axis = weights.size() - 3; axis < weights.size(); ++axis) each *= weights[axis];
    sum += each * ov::shape_size(node->get_output_shape(0));
  }
  return sum;
}

}  // namespace

int main(int count, char **arguments) try {
  ov::Core core;
  const std::string mode = count > 1 ? arguments[1] : "";
  if (mode == "work") {
    for (int i = 2; i < count; ++i) std::printf("%.1f\n", multiplyAdds(*pruned(core, arguments[i])) / 1e6);
  } else if (mode == "start" && count > 5) {
    core.set_property(ov::cache_dir(arguments[2]));
    const ov::AnyMap settings{{"INFERENCE_PRECISION_HINT", std::string(arguments[3])},
                              {"INFERENCE_NUM_THREADS", std::stoi(arguments[4])},
                              {"NUM_STREAMS", 1},
                              {"ENABLE_CPU_PINNING", false}};
    for (int i = 5; i < count; ++i) {
      auto compiled = core.compile_model(pruned(core, arguments[i]), "CPU", settings);
      auto request = compiled.create_infer_request();
      auto input = request.get_input_tensor();
      std::fill_n(input.data<float>(), input.get_size(), 0.5F);
      request.infer();
      std::printf("%g\n", request.get_output_tensor(0).data<float>()[0]);
    }
    std::fflush(stdout);
    // Stance does not take the plug-in apart at its end either.
    std::_Exit(0);
  } else {
    std::fprintf(stderr, "usage: openvino-alone start CACHE PRECISION THREADS MODEL:OUTPUTS… | work MODEL:OUTPUTS…\n");
    return 64;
  }
  return 0;
} catch (const std::exception &exception) {
  std::fprintf(stderr, "openvino-alone: %s\n", exception.what());
  return 1;
}
