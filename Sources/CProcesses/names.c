#include "CProcesses.h"
#include <iconv.h>

ssize_t stance_from_gb18030(const void *bytes, size_t count, void *text, size_t room) {
  iconv_t converter = iconv_open("UTF-8", "GB18030");
  if (converter == (iconv_t)-1) return -1;
  char *from = (char *)bytes, *to = text;
  size_t left = count, space = room;
  size_t result = iconv(converter, &from, &left, &to, &space);
  iconv_close(converter);
  return result == (size_t)-1 || left != 0 ? -1 : (ssize_t)(room - space);
}
