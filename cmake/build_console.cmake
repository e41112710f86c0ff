# cmake -DWEB=… -DOUT=… -DNPM=… -P build_console.cmake : `npm ci`, where node_modules is not what package-lock.json says,
# and `npm run build` into OUT. Several builds share node_modules, so one at a time looks after it.
file(LOCK ${WEB}/.console.lock TIMEOUT 900)
file(SHA256 ${WEB}/package-lock.json wanted)
set(stamp ${WEB}/node_modules/.portico)
set(installed "")
if(EXISTS ${stamp})
  file(READ ${stamp} installed)
endif()

# Runs npm; shows what it said only where it fails.
function(run_npm words)
  execute_process(COMMAND ${NPM} ${ARGN} WORKING_DIRECTORY ${WEB} RESULT_VARIABLE status
                  OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${said}\nThe developer space's pages cannot be built: ${words}")
  endif()
endfunction()

if(NOT installed STREQUAL wanted)
  run_npm("`npm ci` failed in web/. It needs npm's registry once; without it, set PORTICO_CONSOLE_DIST to a folder of pages that were built elsewhere, as `npm run build` leaves them in web/dist."
          ci --no-audit --no-fund --loglevel=error)
  file(WRITE ${stamp} ${wanted})
endif()
run_npm("`npm run build` failed in web/." run build -- --outDir ${OUT} --emptyOutDir)
