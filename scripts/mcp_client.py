#!/usr/bin/env python3
"""Uses `ccmem mcp` through the official Python SDK of the Model Context Protocol: mcp_client.py PATH/TO/ccmem

Leaves with 77 and says so when the SDK is not installed (`pip install mcp`).
"""
import asyncio, os, sys, tempfile

try:
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client
except ImportError:
    print("skipped: the Python package `mcp` is not installed")
    sys.exit(77)


def check(condition, what):
    print(("ok    " if condition else "FAIL  ") + what)
    if not condition:
        sys.exit(1)


async def main(ccmem):
    with tempfile.TemporaryDirectory() as home:
        project = os.path.join(home, "project")
        os.mkdir(project)
        environment = {"HOME": home, "XDG_DATA_HOME": home + "/data", "XDG_CONFIG_HOME": home + "/config", "PATH": os.environ["PATH"]}
        server = StdioServerParameters(command=ccmem, args=["mcp", "--project", project], env=environment)
        async with stdio_client(server) as (read, write):
            async with ClientSession(read, write) as session:
                await session.initialize()
                tools = (await session.list_tools()).tools
                check(len(tools) == 16, f"{len(tools)} tools are listed")

                async def call(name, **arguments):
                    result = await session.call_tool(name, arguments)
                    failed = getattr(result, "is_error", None)
                    if failed is None:
                        failed = result.isError
                    return bool(failed), result.content[0].text

                failed, text = await call("memory_search", query="port")
                check(not failed and text, f"a project without a store is no error: {text!r}")
                failed, text = await call("memory_add", text="The API listens on port 8081", category="config", key="api port")
                check(not failed and "#1" in text, "a memory is stored")
                failed, text = await call("memory_search", query="port")
                check(not failed and "8081" in text, "it is found")
                failed, text = await call("recall_context", question="what port does the API listen on?")
                check(not failed and "#1" in text, "it answers a question")
                failed, text = await call("memory_get", ids=[7])
                check(failed and "no memory #7" in text, "an unknown number is an error with words")
                failed, text = await call("memory_why", id=0)
                check(failed and "whole number" in text, "a wrong argument is refused with words")
                failed, text = await call("memory_status")
                check(not failed and "1" in text, "the status is told")

                listed = [str(r.uri) for r in (await session.list_resources()).resources]
                check(listed == ["ccmem://index", "ccmem://handoff"], "resources are listed")
                found = await session.list_resource_templates()
                check(len(getattr(found, "resource_templates", None) or found.resourceTemplates) == 2, "templates are listed")
                for address in ("ccmem://index", "ccmem://memory/1"):
                    contents = (await session.read_resource(address)).contents
                    check("8081" in contents[0].text, f"{address} is read")
                try:
                    await session.read_resource("ccmem://memory/99")
                    check(False, "an unknown resource is refused")
                except Exception as error:
                    check("99" in str(error), "an unknown resource is refused")
                prompts = {p.name for p in (await session.list_prompts()).prompts}
                check(prompts == {"handoff", "recall", "save-memories"}, "prompts are listed")
                for name, arguments in (("handoff", {}), ("recall", {"question": "which port?"}), ("save-memories", {})):
                    messages = (await session.get_prompt(name, arguments)).messages
                    check(messages and len(messages[0].content.text) > 100, f"the prompt {name} is had")
    print("ok")


if len(sys.argv) != 2:
    sys.exit(__doc__)
asyncio.run(main(os.path.abspath(sys.argv[1])))
