"""The shapes of data that can be loaded by name: `flask load PATH --source NAME`."""

from __future__ import annotations

from typing import Any

from graph.schema import TABLES
from loaders.problems import LANGUAGE
from loaders.readers import PROGRAMME_FILE, RULES_FILE


def sources(language: str = LANGUAGE) -> list[dict[str, Any]]:
    """List the sources that ship, as `flask sources` prints them."""
    texts = {
        "en": (
            "Native data set",
            "A folder of CSV files, a workbook with a sheet per table, or one JSON object of "
            "arrays; English or Chinese headings. Every file is optional.",
        ),
        "zh_Hans": (
            "本系统数据集",
            "CSV 文件夹、每表一个工作表的 Excel 工作簿，或由数组组成的 JSON 对象；"
            "标题可用中文或英文，各文件均可省略。",
        ),
    }
    title, description = texts["en" if language == "en" else "zh_Hans"]
    files = [*(f"{table.name}.csv" for table in TABLES), PROGRAMME_FILE, RULES_FILE]
    return [{"name": "native", "title": title, "files": files, "description": description}]
