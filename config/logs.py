"""How a log line is written: one JSON object a line in production, plain words in the demo."""

import json
import logging
from datetime import UTC, datetime

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request", "server_time"}


class OneLine(logging.Formatter):
    """Plain text. Line breaks in what people typed cannot forge a second log line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record, with the breaks in its message made visible; a traceback keeps its lines."""
        record.msg, record.args = record.getMessage().replace("\r", "\\r").replace("\n", "\\n"), None
        return super().format(record)


class Json(logging.Formatter):
    """One JSON object a line: time in UTC, level, logger, message, and whatever was passed as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record as JSON, which escapes line breaks by itself."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        line.update({name: value for name, value in vars(record).items() if name not in _STANDARD})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)
