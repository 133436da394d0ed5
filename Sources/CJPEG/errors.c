#include "errors.h"

_Noreturn void stance_errors_escape(j_common_ptr codec) {
  stance_errors *errors = (stance_errors *)codec->err;
  errors->manager.format_message(codec, errors->message);
  longjmp(errors->escape, 1);
}

static void drop(j_common_ptr codec) { (void)codec; }

static void drop_message(j_common_ptr codec, int level) { (void)codec, (void)level; }

struct jpeg_error_mgr *stance_errors_start(stance_errors *errors, char message[JMSG_LENGTH_MAX]) {
  struct jpeg_error_mgr *manager = jpeg_std_error(&errors->manager);
  errors->message = message;
  manager->error_exit = stance_errors_escape;
  manager->output_message = drop;
  manager->emit_message = drop_message;
  return manager;
}
