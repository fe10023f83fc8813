# Sourced by every finding: works in a temporary folder, which is removed at the end, and installs exact versions there.
set -euo pipefail

support=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export SEEN="$support/seen.cjs" TSLAB_CELLS="$support/tslab-cells.cjs" PYTHONPATH="$support" PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm_packages() { # name@version...
  printf '{ "private": true }\n' >package.json
  npm install --silent --no-audit --no-fund --ignore-scripts "$@"
  echo "Node $(node --version), $*"
}

python_packages() { # name==version...
  python3 -m venv venv
  venv/bin/pip install --quiet --disable-pip-version-check "$@"
  echo "$(python3 --version), $*"
}
