# Writes OUTPUT, a header with the digest of the files that SOURCES lists, a line each, and of SALT, as NAME.
file(STRINGS ${SOURCES} sources)
set(digests ${SALT})
foreach(source IN LISTS sources)
  file(SHA1 ${source} digest)
  string(APPEND digests ${digest})
endforeach()
string(SHA1 digest "${digests}")
file(WRITE ${OUTPUT} "#pragma once\n\ninline constexpr char ${NAME}[] = \"${digest}\";\n")
