#!/bin/sh
# The dashboard with sample data, for this machine only. The environment must exist (tools/environment.sh).
set -eu
cd "$(dirname "$0")/.."

port=${PORT:-8501}
case $port in
*[!0-9]* | '') echo "PORT=$port is no port: give a number from 1024 to 65535" >&2; exit 2 ;;
esac
if ! .venv/bin/python - "$port" <<'PYTHON'
import socket
import sys

with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(sys.argv[1])))
    except (OSError, OverflowError) as error:
        sys.exit(f"Port {sys.argv[1]} cannot be used ({error}). Choose another: make run PORT=8502")
PYTHON
then exit 1; fi

.venv/bin/python manage.py sample --if-missing
echo "Avustuspaneeli: http://localhost:$port (stop with Ctrl-C)"
export DATABASE_URL=sqlite:///data/sample.db
exec .venv/bin/python -m streamlit run app.py --server.address 127.0.0.1 --server.port "$port" \
    --server.headless true --browser.gatherUsageStats false
