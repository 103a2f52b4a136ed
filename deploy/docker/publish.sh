#!/bin/sh
# Builds one self-contained, ahead-of-time warmed program into a folder. Usage: publish.sh FOLDER [amd64|arm64]
set -eu
out=$1
case "${2:-$(uname -m)}" in
  amd64 | x86_64) runtime=linux-x64 ;;
  arm64 | aarch64) runtime=linux-arm64 ;;
  *) echo "publish.sh: no build for ${2:-$(uname -m)}" >&2; exit 2 ;;
esac
cd "$(dirname "$0")/../.."
# The compiler is gone before profiling its hot paths would pay.
export DOTNET_TieredPGO=0
# The analysers have had their say when the sources were tested: here they only cost time. The lock files speak of no runtime; what a self-contained build adds is pinned by the SDK.
dotnet publish src/Gatehouse.Host --configuration Release --runtime "$runtime" --self-contained -p:PublishReadyToRun=true \
  -p:RestoreLockedMode=false -p:RunAnalyzers=false -p:GenerateDocumentationFile=false -p:DebugType=none --output "$out" --verbosity quiet --nologo
