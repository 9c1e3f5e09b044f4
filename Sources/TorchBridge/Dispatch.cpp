#include "Guard.hpp"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/function_schema_inl.h>
#include <ATen/core/jit_type.h>

#include <cstdlib>

using namespace ctorch;

namespace {

c10::IValue tensor_list(ct_tensors tensors, const c10::Type &element) {
    if (element.kind() != c10::TypeKind::OptionalType) return c10::IValue(list(tensors));
    c10::List<std::optional<at::Tensor>> result;
    for (auto &tensor : list(tensors)) result.push_back(std::move(tensor));
    return result;
}

c10::IValue integer_list(ct_sizes integers, const c10::Type &element) {
    if (element.kind() != c10::TypeKind::FloatType) return c10::IValue(sizes(integers));
    return c10::IValue(std::vector<double>(integers.data, integers.data + integers.count));
}

/// The argument as the type that the operator declares, where the two differ in form alone.
c10::IValue value(const ct_argument &argument, c10::TypePtr type) {
    if (argument.kind == CT_NONE) return {};
    if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
    auto element = [&]() -> const c10::Type & {
        auto list = type->cast<c10::ListType>();
        TORCH_CHECK(list, "expected ", type->str(), ", got a list");
        return *list->getElementType();
    };
    switch (argument.kind) {
    case CT_TENSOR: return borrow(argument.tensor);
    case CT_TENSORS: return tensor_list(argument.tensors, element());
    case CT_INTEGER:
        if (type->kind() == c10::TypeKind::FloatType) return static_cast<double>(argument.integer);
        return argument.integer;
    case CT_INTEGERS: return integer_list(argument.integers, element());
    case CT_NUMBER: return argument.number;
    case CT_TRUTH: return argument.integer != 0;
    case CT_TEXT: return std::string(argument.text);
    case CT_DTYPE: return static_cast<int64_t>(scalar_type(static_cast<ct_dtype>(argument.integer)));
    default: TORCH_CHECK(false, "unknown kind of argument ", static_cast<int>(argument.kind));
    }
}

void append(const c10::IValue &value, std::vector<at::Tensor> &results) {
    if (value.isTensor()) results.push_back(value.toTensor());
    else if (value.isTensorList())
        for (const at::Tensor &tensor : value.toTensorVector()) results.push_back(tensor);
    else TORCH_CHECK(false, "expected tensors as results, got ", value.tagKind());
}

} // namespace

ct_tensor *ct_call(
    const char *name, const char *overload, const ct_argument *arguments, size_t count, size_t *result_count,
    char **error) {
    return guarded(error, [&]() -> ct_tensor * {
        auto operation = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
        const auto &schema = operation.schema();
        TORCH_CHECK(!schema.is_mutable(), schema.name(), " changes its arguments");
        TORCH_CHECK(count <= schema.arguments().size(), "too many arguments for ", schema);
        std::vector<c10::IValue> stack;
        for (size_t i = 0; i < count; ++i) stack.push_back(value(arguments[i], schema.arguments()[i].type()));
        schema.checkAndNormalizeInputs(stack);
        operation.callBoxed(stack);
        std::vector<at::Tensor> results;
        for (const auto &result : stack) append(result, results);
        auto handles = static_cast<ct_tensor *>(std::calloc(results.size() + 1, sizeof(ct_tensor)));
        TORCH_CHECK(handles, "no memory for the results");
        for (size_t i = 0; i < results.size(); ++i) handles[i] = own(std::move(results[i]));
        *result_count = results.size();
        return handles;
    });
}
