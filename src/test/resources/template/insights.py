"""Runs a query in CloudWatch Logs Insights' language, the part of it that the templates use, over a log, in SQLite.

Arguments: a file with the query, a file with one log event a line (milliseconds, a tab, the message), and the time of
the query in milliseconds. Prints the rows as JSON. Each command becomes a SELECT from the one before it; what is not
known is refused. SQLite's answer to the translation is a second opinion, not AWS's own.
"""

import json
import re
import sqlite3
import sys

TOKEN = re.compile(r"\s*('[^']*'|[@A-Za-z_][\w.@]*|\d+|!=|<=|>=|[=<>*+/(),-])")
FUNCTIONS = {"coalesce": "coalesce", "max": "max", "count": "count", "toMillis": "", "ispresent": "is_present"}
WORDS = {"and", "or", "not"}


class Query:
    def __init__(self, now):
        self.now = now
        self.relation = "SELECT at, message FROM log"
        self.columns = {"@timestamp": "at"}
        self.has_message = True

    def expression(self, text):
        """An expression in SQL; a field that no command has made is one of the message."""
        tokens, end = [], 0
        while end < len(text.rstrip()):
            match = TOKEN.match(text, end)
            if not match:
                raise ValueError(f"not known: {text[end:]}")
            tokens.append(match.group(1))
            end = match.end()
        sql = []
        for i, token in enumerate(tokens):
            called = i + 1 < len(tokens) and tokens[i + 1] == "("
            if not re.match(r"[@A-Za-z_]", token) or token in WORDS:
                sql.append(token)
            elif called and token == "now":
                # In seconds; its parentheses stay empty
                sql.append("now")
            elif called:
                sql.append(FUNCTIONS[token])
            else:
                sql.append(self.field(token))
        return " ".join(sql)

    def field(self, name):
        if name in self.columns:
            return f'"{self.columns[name]}"'
        if not self.has_message:
            raise ValueError(f"no such column: {name}")
        path = "".join(f'."{part}"' for part in name.split("."))
        return f"json_extract(message, '${path}')"

    def named(self, text):
        """The items of a list, each an expression and its name."""
        for item in re.split(r",(?![^(]*\))", text):
            expression, _, name = item.strip().partition(" as ")
            yield expression.strip(), (name or expression).strip()

    def wrap(self, select, rest=""):
        self.relation = f"SELECT {select} FROM ({self.relation}) {rest}"

    def command(self, text):
        word, _, rest = text.strip().partition(" ")
        if word == "SOURCE":
            return
        getattr(self, "do_" + word)(rest.strip())

    def do_filter(self, condition):
        self.wrap("*", f"WHERE {self.expression(condition)}")

    def do_fields(self, items):
        for expression, name in self.named(items):
            if name not in self.columns:
                self.wrap(f'*, {self.expression(expression)} AS "{name}"')
                self.columns[name] = name

    def do_stats(self, text):
        aggregates, _, key = text.partition(" by ")
        selected, names = [f'{self.field(key)} AS "{key}"'], [key]
        for expression, name in self.named(aggregates):
            latest = re.fullmatch(r"latest\((.+)\)", expression)
            if latest:
                # Of the row that has the maximum SQLite gives the other columns: https://sqlite.org/lang_select.html
                selected += [f'{self.expression(latest.group(1))} AS "{name}"', "max(at)"]
            else:
                selected.append(f'{self.expression(expression)} AS "{name}"')
            names.append(name)
        self.wrap(", ".join(selected), f"GROUP BY {self.field(key)}")
        self.columns = {name: name for name in names}
        self.has_message = False

    def do_sort(self, text):
        column, order = text.split()
        self.wrap("*", f"ORDER BY {self.field(column)} {order}")

    def do_limit(self, number):
        self.wrap("*", f"LIMIT {int(number)}")

    def run(self, database):
        names = [name for name in self.columns if name != "@timestamp" or self.has_message]
        rows = database.execute(f"SELECT {', '.join(self.field(name) for name in names)} FROM ({self.relation})")
        return [dict(zip(names, row)) for row in rows]


query_file, log_file, now = sys.argv[1:]
database = sqlite3.connect(":memory:")
database.create_function("now", 0, lambda: int(now) // 1000)
database.create_function("is_present", 1, lambda value: value is not None)
database.execute("CREATE TABLE log (at INTEGER, message TEXT)")
with open(log_file, encoding="utf-8") as log:
    database.executemany("INSERT INTO log VALUES (?, ?)", (line.rstrip("\n").split("\t", 1) for line in log))
query = Query(int(now))
with open(query_file, encoding="utf-8") as source:
    for command in source.read().split("|"):
        query.command(command)
json.dump(query.run(database), sys.stdout)
