"""The MCP tools with the official Python SDK, over stdio and over HTTP.

Usage: check_mcp.py LAGEBILD STORE
"""

import asyncio
import json
import re
import subprocess
import sys

from mcp import Client, StdioServerParameters

TOOLS = ["search", "events", "claims", "agreements", "actor", "pair", "document", "explain", "read_text"]


def check(what: bool, message: str) -> None:
    if not what:
        sys.exit(f"check_mcp: {message}")


async def rows(client: Client, tool: str, **arguments) -> list:
    return (await answer(client, tool, **arguments))["rows"]


async def answer(client: Client, tool: str, **arguments) -> dict:
    result = await client.call_tool(tool, arguments)
    check(not result.is_error, f"{tool} {arguments}: {result.content}")
    check(json.loads(result.content[0].text) == result.structured_content, f"{tool}: text and structure differ")
    return result.structured_content


async def ask(client: Client, linked: bool) -> None:
    listed = await client.list_tools()
    check([tool.name for tool in listed.tools] == TOOLS, f"tools are {[tool.name for tool in listed.tools]}")
    check(all(tool.annotations.read_only_hint for tool in listed.tools), "a tool is not read-only")
    check("untrusted" in (client.instructions or ""), "the instructions do not tell of untrusted words")

    hits = await rows(client, "search", q="Soldaten", limit=3)
    check(0 < len(hits) <= 3, "no report has Soldaten in it")
    check("untrusted" in hits[0]["snippet"]["text"], "the words of a report are not marked")
    check(("link" in hits[0]) == linked, "links where there are no pages, or none where there are")

    first = await answer(client, "events", country=["RUS", "PRK"], limit=2)
    again = await answer(client, "events", country=["RUS", "PRK"], limit=2, after=first["next"])
    keys = [row["key"] for row in first["rows"] + again["rows"]]
    check(len(set(keys)) == 4, f"the parts of a list overlap: {keys}")

    event = first["rows"][0]
    report = await answer(client, "document", id=event["document"]["id"])
    start, end = event["mentions"][0]["trigger"]["start"], event["mentions"][0]["trigger"]["end"]
    words = report["text"]["text"]["untrusted"][start:end]
    check(words == event["mentions"][0]["trigger"]["text"]["untrusted"], f"the span leads to {words!r}")

    why = await answer(client, "explain", event=event["key"])
    check(why["reasons"][0]["about"] == "event", f"{why}")
    check((await rows(client, "claims", stance="deny")), "nobody denies anything")
    check((await rows(client, "agreements")), "no agreement")
    check((await rows(client, "actor", name="PRK"))[0]["id"] == "country:PRK", "PRK is not North Korea")
    check(len((await answer(client, "pair", a="PRK", b="RUS"))["directions"]) == 2, "a pair has two directions")
    read = await answer(client, "read_text", text="Moskau drohte Seoul mit Vergeltung.", published="2024-10-24", lang="de")
    check(any(e["type"] == "THREATEN" for e in read["events"]), f"no threat is read: {read['events']}")

    slip = await client.call_tool("events", {"type": "AIDS"})
    check(slip.is_error and "AID" in slip.content[0].text, "a slip is not told")


async def main(program: str, store: str) -> None:
    for mode in ["auto", "legacy"]:
        server = StdioServerParameters(command=program, args=["mcp", "--store", store])
        async with Client(server, mode=mode, read_timeout_seconds=60) as client:
            await ask(client, linked=False)
    serving = subprocess.Popen(
        [program, "serve", "--addr", "127.0.0.1:0", "--store", store], stderr=subprocess.PIPE, text=True
    )
    try:
        told = re.search(r"http://[0-9.:]+", serving.stderr.readline())
        check(told is not None, "the server does not tell its address")
        for mode in ["auto", "legacy"]:
            async with Client(f"{told[0]}/mcp", mode=mode, read_timeout_seconds=60) as client:
                await ask(client, linked=True)
    finally:
        serving.terminate()
        serving.wait(10)
    check(serving.returncode == 0, f"the server ended with {serving.returncode}")
    print("MCP: stdio and HTTP, fine")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
