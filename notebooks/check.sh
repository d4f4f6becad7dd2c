#!/usr/bin/env bash
# Runs the lessons, as programs and as notebooks on the C# kernel, with the solution and the known mistakes of every exercise.
# Fails where a lesson fails, where an exercise judges wrongly, or where a notebook differs from its source. Expects a Release build.
# usage: notebooks/check.sh [--full]      small settings, in minutes, two at once, and of programs the first alone, as a notebook has the same code;
#                                         --full: everything as a student runs it, one by one
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
full="${1:-}"
slots=1
[ "$full" = --full ] || { slots=2; export TRANSFERLAB_LESSON=quick OMP_NUM_THREADS=1; } # Two at once: threads of one would wait for those of the other.

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
tool=(dotnet src/TransferLab.Notebooks/bin/Release/net10.0/TransferLab.Notebooks.dll)
touch "$work/failed"
[ -f "${tool[1]}" ] || dotnet build TransferLab.sln -c Release || exit 1

# Runs one form of a lesson and prints a row: lesson, form, seconds, peak memory.
run() {
    local lesson="$1" form="$2" start=$SECONDS memory="" timed=() files
    shift 2
    files="$(mktemp -d -p "$work")"
    [ -x /usr/bin/time ] && timed=(/usr/bin/time -o "$files/memory" -f %M)
    mkdir "$files/tmp" # Both forms of a lesson write to the same names in the temporary folder.
    if TMPDIR="$files/tmp" "${timed[@]}" "$@" >"$files/log" 2>&1 </dev/null; then
        [ -s "$files/memory" ] && memory="$(( $(tail -n 1 "$files/memory") / 1000 )) MB"
        printf '%-45s %-10s %5s s %9s\n' "$lesson" "$form" "$(( SECONDS - start ))" "$memory"
    else
        printf '%-45s %-10s FAILED\n%s\n' "$lesson" "$form" "$(grep -v NNPACK "$files/log" | tail -n 30)"
        echo "$lesson $form" >>"$work/failed"
    fi
}

# Runs it beside the others, as soon as there is room.
start() {
    while [ "$(jobs -rp | wc -l)" -ge "$slots" ]; do sleep 0.2; done
    run "$@" &
}

"${tool[@]}" build --check notebooks || echo "notebooks and their sources" >>"$work/failed"

# A version of its own, in a package folder of its own that falls back on the user's: nothing of it stays.
version="0.1.0-check.$(date +%s)"
dotnet msbuild notebooks/packages.proj -nologo -v:q -p:PackageVersion="$version" -p:PackageOutputPath="$work/packages" || exit 1
packages="${NUGET_PACKAGES:-$HOME/.nuget/packages}"

shopt -s globstar
first=yes
for source in notebooks/**/[0-9]*.cs; do
    lesson="${source#notebooks/}"
    if [ "$full" = --full ] || [ "$first" = yes ]; then
        start "${lesson%.cs}" program dotnet run -c Release "$source"
        first=no
    fi
    start "${lesson%.cs}" notebook env NUGET_PACKAGES="$work/nuget" NUGET_FALLBACK_PACKAGES="$packages" \
        "${tool[@]}" run "${source%.cs}.ipynb" --exercises --packages "$work/packages" --package-version "$version"
done
wait

failures="$(wc -l <"$work/failed")"
[ "$failures" -eq 0 ] && echo "lessons: all passed" || echo "lessons: $failures failed"
[ "$failures" -eq 0 ]
