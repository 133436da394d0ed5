#pragma once
#include "Body.hpp"

/// The status to refuse a request with when the reading of its head ended so; 0: none. Nothing: nobody is there to be
/// told.
std::optional<unsigned> refusal(error_code error, bool isLate, const RequestParser &parser);
