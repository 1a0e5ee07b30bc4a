# Writes what "PROGRAM completion FORM" prints to OUTPUT.
execute_process(COMMAND ${PROGRAM} completion ${FORM} OUTPUT_FILE ${OUTPUT} RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  file(REMOVE ${OUTPUT})
  message(FATAL_ERROR "${PROGRAM} completion ${FORM} ended with ${result}")
endif()
