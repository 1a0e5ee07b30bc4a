# tribikos_room(NAME SOURCES file... ROOMS room... LIBRARIES target...)
#
# One room of core as a static library. Only the rooms named here are on its link line; that the
# includes keep to the same rule is checked by the layering test.
function(tribikos_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
  add_library(tribikos_${name} STATIC ${ROOM_SOURCES})
  # Qt wants position-independent code, in which the compiler takes every function for one that another library may
  # replace, and inlines none of them; hidden ones it knows to be ours.
  set_target_properties(tribikos_${name} PROPERTIES
      LINKER_LANGUAGE CXX CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_link_libraries(tribikos_${name} PUBLIC tribikos_options Qt6::Core ${ROOM_LIBRARIES})
  foreach(room IN LISTS ROOM_ROOMS)
    target_link_libraries(tribikos_${name} PUBLIC tribikos_${room})
  endforeach()
endfunction()

# tribikos_test(NAME [SERVERS] SOURCES file... ROOMS room... LIBRARIES target...): one QtTest binary per room. With
# SERVERS it runs beside private PostgreSQL and MariaDB servers, whose URLs it finds in its environment.
function(tribikos_test name)
  cmake_parse_arguments(TEST "SERVERS" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
  add_executable(tst_${name} ${TEST_SOURCES})
  # Tests of a room repeat one another's small functions, which a unity build would take for one.
  set_target_properties(tst_${name} PROPERTIES AUTOMOC ON UNITY_BUILD OFF)
  target_compile_definitions(tst_${name} PRIVATE TRIBIKOS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(tst_${name} PRIVATE tribikos_options Qt6::Test ${TEST_LIBRARIES})
  foreach(room IN LISTS TEST_ROOMS)
    target_link_libraries(tst_${name} PRIVATE tribikos_${room})
  endforeach()
  # A debugger at a crash hangs for minutes: without QtTest's handler it is simply a crash.
  set(command tst_${name} -nocrashhandler)
  if(TEST_SERVERS)
    set(command "${PROJECT_SOURCE_DIR}/tests/servers/with-servers.sh" "${CMAKE_BINARY_DIR}/test-servers"
        $<TARGET_FILE:tst_${name}> -nocrashhandler)
  endif()
  add_test(NAME ${name} COMMAND ${command})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300 ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
  if(TEST_SERVERS) # kills, waits and servers that are started anew take their time on a busy machine
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED servers TIMEOUT 1800)
  endif()
endfunction()
