#!/usr/bin/env python3
"""A server that speaks MongoDB's wire protocol (mockupdb) over collections in memory (mongomock), for tests of the real driver.

    mongo_server.py [PORT]

Prints its port, then obeys lines on standard input, each answered by one line, until the input ends:

    serve               answer as MongoDB does
    duplicate COUNT     answer so many writes with a duplicate key error (11000), and write nothing
    unacknowledged      write, but answer that the majority did not confirm in time
    die before          break the connection when a write arrives
    die after           write, then break the connection instead of answering
    hang                never answer a write
    refuse              answer every write with an error
    documents           print the bonuses as JSON
    commands            print how often each command came, as JSON
    foreign JSON        put a document into the collection
"""

import json
import sys
import threading

import mongomock
from bson import json_util
from mockupdb import MockupDB

database = mongomock.MongoClient()["shop"]
state = {"mode": "serve", "left": 0}
seen = {}
lock = threading.Lock()

HELLO = {
    "ismaster": True, "isWritablePrimary": True, "helloOk": True, "minWireVersion": 0, "maxWireVersion": 13, "readOnly": False,
    "maxBsonObjectSize": 16 * 1024 * 1024, "maxMessageSizeBytes": 48_000_000, "maxWriteBatchSize": 100_000,
}  # fmt: skip


def duplicates(statements):
    error = {"code": 11000, "errmsg": "E11000 duplicate key error collection: shop.bonuses index: user_id_1_year_1"}
    return {"n": 0, "nModified": 0, "writeErrors": [{"index": index, **error} for index in range(len(statements))]}


def write(command):
    n = modified = 0
    upserted = []
    for index, statement in enumerate(command["updates"]):
        result = database[command["update"]].update_one(statement["q"], statement["u"], upsert=statement.get("upsert", False))
        n += result.matched_count or (1 if result.upserted_id else 0)
        modified += result.modified_count
        if result.upserted_id:
            upserted.append({"index": index, "_id": result.upserted_id})
    reply = {"n": n, "nModified": modified}
    if upserted:
        reply["upserted"] = upserted
    return reply


def update(request, command):
    concern = command.get("writeConcern", {})
    if concern.get("w") != "majority" or not concern.get("wtimeout"):
        return request.command_err(code=100, errmsg="the write does not ask for the majority")
    if not all(statement.get("upsert") and not statement.get("multi") for statement in command["updates"]):
        return request.command_err(code=100, errmsg="not an upsert of one document")
    mode = state["mode"]
    if mode == "refuse":
        return request.command_err(code=13, errmsg="not authorized on shop to execute command")
    if mode == "hang":
        return True
    if mode == "die before":
        return request.hangup()
    if mode == "duplicate" and state["left"] > 0:
        state["left"] -= 1
        return request.ok(duplicates(command["updates"]))
    reply = write(command)
    if mode == "die after":
        return request.hangup()
    if mode == "unacknowledged":
        reply["writeConcernError"] = {"code": 64, "codeName": "WriteConcernFailed", "errmsg": "waiting for replication timed out"}
    return request.ok(reply)


def find(request, command):
    cursor = database[command["find"]].find(command.get("filter", {}))
    if command.get("sort"):
        cursor = cursor.sort(list(command["sort"].items()))
    documents = list(cursor)[: command.get("limit") or None]
    request.ok({"cursor": {"id": 0, "ns": "shop." + command["find"], "firstBatch": documents}})


def create_indexes(request, command):
    for index in command["indexes"]:
        database[command["createIndexes"]].create_index(list(index["key"].items()), unique=index.get("unique", False), name=index["name"])
    request.ok({})


def answer(request):
    command = request.doc
    name = next(iter(command), "")
    with lock:
        seen[name] = seen.get(name, 0) + 1
        if name.lower() in ("ismaster", "hello"):
            request.ok(HELLO)
        elif name == "update":
            update(request, command)
        elif name == "find":
            find(request, command)
        elif name == "createIndexes":
            create_indexes(request, command)
        elif name in ("ping", "endSessions"):
            request.ok({})
        else:
            request.command_err(code=59, errmsg=f"no such command: {name}")
    return True


def obey(line):
    word, _, rest = line.partition(" ")
    with lock:
        if word == "documents":
            return json_util.dumps(list(database["bonuses"].find({}, {"_id": 0})), json_options=json_util.CANONICAL_JSON_OPTIONS)
        if word == "commands":
            return json.dumps(seen)
        if word == "foreign":
            database["bonuses"].insert_one(json_util.loads(rest))
        elif word == "duplicate":
            state.update(mode="duplicate", left=int(rest))
        else:
            state["mode"] = line
    return "ok"


def main():
    server = MockupDB(port=int(sys.argv[1]) if len(sys.argv) > 1 else None)
    server.autoresponds(answer)
    print(server.run(), flush=True)
    for line in sys.stdin:
        print(obey(line.strip()), flush=True)
    server.stop()


if __name__ == "__main__":
    main()
