#!/usr/bin/env bash
# Runs notebooks as a student does: through Jupyter, with the C# kernel of dotnet-interactive. Heavier than check.sh, and not part of CI.
# Needs jupyter (Debian: jupyter-client jupyter-nbconvert python3-nbclient); installs the kernel as a tool into a folder of its own.
# The packages are those of the working tree (a Release build), in a version and in folders that are removed again.
# usage: notebooks/run-jupyter.sh [NOTEBOOK.ipynb ...]      all lessons where none is named; TRANSFERLAB_LESSON=quick for small settings
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
command -v jupyter-nbconvert >/dev/null || { echo "jupyter-nbconvert is missing: apt-get install jupyter-client jupyter-nbconvert python3-nbclient"; exit 2; }

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
dotnet tool install Microsoft.dotnet-interactive --version 1.0.712001 --tool-path "$work/tools" >/dev/null || exit 1
mkdir -p "$work/jupyter/kernels/.net-csharp"
cat >"$work/jupyter/kernels/.net-csharp/kernel.json" <<JSON
{ "argv": ["$work/tools/dotnet-interactive", "jupyter", "--default-kernel", "csharp", "--http-local-only", "{connection_file}"], "display_name": ".NET (C#)", "language": "C#" }
JSON

version="0.1.0-jupyter.$(date +%s)"
dotnet msbuild notebooks/packages.proj -nologo -v:q -p:PackageVersion="$version" -p:PackageOutputPath="$work/packages" || exit 1
export JUPYTER_PATH="$work/jupyter" JUPYTER_RUNTIME_DIR="$work/runtime" NUGET_FALLBACK_PACKAGES="${NUGET_PACKAGES:-$HOME/.nuget/packages}" NUGET_PACKAGES="$work/nuget"

shopt -s globstar
notebooks=("$@")
[ "${#notebooks[@]}" -gt 0 ] || notebooks=(notebooks/**/[0-9]*.ipynb)
failures=0
for notebook in "${notebooks[@]}"; do
    # The same cells, with the local packages in their place.
    sed -E "s|#r \\\\\"nuget: (TransferLab[A-Za-z0-9.]*), [^\\\\\"]+\\\\\"|#r \\\\\"nuget: \\1, $version\\\\\"|; s|\"// The packages of this lesson|\"#i \\\\\"nuget:$work/packages\\\\\"\\\\n\",\n    &|" "$notebook" >"$work/lesson.ipynb"
    start=$SECONDS timed=()
    [ -x /usr/bin/time ] && timed=(/usr/bin/time -o "$work/memory" -f %M)
    if "${timed[@]}" jupyter-nbconvert --to notebook --execute --ExecutePreprocessor.timeout=1200 --output out.ipynb "$work/lesson.ipynb" >"$work/log" 2>&1; then
        printf '%-50s %5s s %9s\n' "${notebook#notebooks/}" "$(( SECONDS - start ))" "$([ -s "$work/memory" ] && echo "$(( $(tail -n 1 "$work/memory") / 1000 )) MB")"
    else
        failures=$(( failures + 1 ))
        echo "${notebook#notebooks/} FAILED"
        tail -n 30 "$work/log"
    fi
done
exit "$(( failures > 0 ))"
