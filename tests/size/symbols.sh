#!/usr/bin/env bash
# The objects of shared, but pages, ask the platform for nothing: no clock, file, thread or stream.
#   tests/size/symbols.sh BUILD-FOLDER
set -euo pipefail
archive=$1/shared/libfoyer_core.a
[ -s "$archive" ] || { echo "symbols: $archive is missing" >&2; exit 1; }
forbidden='^(clock_gettime|gettimeofday|time|localtime(_r)?|gmtime(_r)?|nanosleep|fopen(64)?'
forbidden+='|open(64)?|read|write|close|socket|connect|send|recv|pthread_.*|rand|srand|getenv'
forbidden+='|getrandom|printf|puts|fwrite|fputs|std::(cout|cerr|clog|cin)|std::thread.*'
forbidden+='|std::condition_variable.*|std::chrono::.*|std::basic_(i|o|io)?f?stream<.*'
forbidden+='|std::(__cxx11::)?(basic_)?(i|o)?stringstream.*|std::filesystem::.*'
forbidden+='|std::(__cxx11::)?random_device.*|std::ios_base.*)'
undefined=$(nm --undefined-only --demangle "$archive" 2>/dev/null | sed -n 's/^ *U //p' | sort -u)
count=$(wc -l <<< "$undefined")
[ "$count" -gt 10 ] || { echo "symbols: only $count symbols read from $archive" >&2; exit 1; }
# A list that forbids nothing would pass for ever.
grep -qE "$forbidden" <<< clock_gettime || { echo "symbols: the list is broken" >&2; exit 1; }
if found=$(grep -E "$forbidden(@|\$|\()" <<< "$undefined"); then
  echo "shared asks the platform for:"; echo "$found"
  exit 1
fi
echo "$count symbols of shared read, none of a clock, file, thread or stream"
