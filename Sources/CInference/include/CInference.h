#pragma once
const char *stance_runtime_version(void);
