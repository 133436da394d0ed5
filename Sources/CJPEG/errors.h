#include <setjmp.h>
// jpeglib.h needs FILE before.
#include <stdio.h>
#include <jpeglib.h>
#include <jerror.h>

/// libjpeg's error manager, and where to go on after an error.
typedef struct {
  struct jpeg_error_mgr manager;
  jmp_buf escape;
  char *message;
} stance_errors;

/// Errors end in `escape`, warnings are dropped, nothing is printed.
struct jpeg_error_mgr *stance_errors_start(stance_errors *errors, char message[JMSG_LENGTH_MAX]);

/// Keeps libjpeg's words and leaves for `escape`.
_Noreturn void stance_errors_escape(j_common_ptr codec);
