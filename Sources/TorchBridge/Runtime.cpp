#include "Guard.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/csrc/inductor/aoti_torch/c/shim.h>
#include <torch/headeronly/version.h>

uint64_t ct_version_compiled(void) { return TORCH_ABI_VERSION; }

uint64_t ct_version_loaded(void) { return aoti_torch_abi_version(); }

int32_t ct_thread_count(void) { return at::get_num_threads(); }

void ct_use_one_thread(void) { at::set_num_threads(1); }

int32_t ct_cuda_device_count(void) {
    return at::globalContext().hasCUDA() ? at::globalContext().getAcceleratorHooksInterface(at::kCUDA).deviceCount() : 0;
}
