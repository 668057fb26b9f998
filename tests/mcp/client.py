"""Talks to `dupdoctor mcp` with the SDK of the Model Context Protocol (PyPI: mcp): client.py BINARY LOGS, where LOGS is the demo's."""

import asyncio
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main(binary, logs):
    async with stdio_client(StdioServerParameters(command=binary, args=["mcp", logs])) as (read, write):
        async with ClientSession(read, write) as session:
            await session.initialize()
            tools = sorted(tool.name for tool in (await session.list_tools()).tools)
            assert tools == ["diagnose", "events", "explain", "fix", "timeline"], tools
            resources = (await session.list_resources()).resources
            assert len(resources) > 100, len(resources)
            page = await session.read_resource("dupdoctor://catalogue/DUP301")
            assert "4683a78a3" in page.contents[0].text, page

            async def call(name, **arguments):
                result = (await session.call_tool(name, arguments)).model_dump()
                return result.get("is_error", result.get("isError")), [block["text"] for block in result["content"]]

            for name, arguments, words in [
                ("diagnose", {}, ["STUCK", "DUP301", "test_orders"]),
                ("diagnose", {"format": "json", "app": ["test_*"]}, ['"schema_version"', "DUP301"]),
                ("timeline", {"dup": ["a5d1716603063"]}, ["DS_PREPARE", "DS_APP"]),
                ("explain", {"code": "301"}, ["follower-queried-by-source-name"]),
                ("fix", {"code": "DUP301", "release": "2.5"}, ["test_orders"]),
            ]:
                failed, text = await call(name, **arguments)
                assert not failed and all(word in text[0] for word in words), (name, arguments, text)
            failed, text = await call("events", limit=3)
            assert not failed and text[0].count("\n") == 3 and "cut" in text[1], text
            for arguments in [{"paths": ["/etc/passwd"]}, {"paths": ["../../../Cargo.toml"]}, {"app": ["nope"]}, {"since": "tomorrow"}]:
                failed, text = await call("diagnose", **arguments)
                assert failed and "root:" not in text[0], (arguments, text)
    print("mcp: all answers are as they should be")


asyncio.run(main(*sys.argv[1:]))
