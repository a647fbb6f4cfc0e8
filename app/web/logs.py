"""Logs: one line an event, each with the id of the request that it belongs to."""

from copy import deepcopy
from typing import Any

from uvicorn.config import LOGGING_CONFIG


def log_config(level: str) -> dict[str, Any]:
    """Uvicorn's configuration, with the request id in every line."""
    config = deepcopy(LOGGING_CONFIG)
    config["filters"] = {
        "request_id": {"()": "asgi_correlation_id.CorrelationIdFilter", "default_value": "-"}
    }
    for handler in config["handlers"].values():
        handler["filters"] = ["request_id"]
    for formatter in config["formatters"].values():
        formatter["fmt"] = f"%(asctime)s [%(correlation_id)s] {formatter['fmt']}"
    config["loggers"]["app"] = {"handlers": ["default"], "level": level.upper(), "propagate": False}
    return config
