"""`python -m flask_amazon_channel.simulator`"""

import argparse

from flask_amazon_channel.simulator.serving import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="flask_amazon_channel.simulator", description="Run a local Amazon.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8765, help="port, 0 for any free one (default: 8765)")
    parser.add_argument("--seed", type=int, default=1, help="decides ids, listings and buyers (default: 1)")
    parser.add_argument("--catalogue", type=int, default=100, metavar="N", help="listings of the ready seller")
    parser.add_argument("--speed", type=float, default=1.0, metavar="X", help="how fast its clock runs")
    arguments = parser.parse_args()
    serve(arguments.host, arguments.port, arguments.seed, arguments.catalogue, arguments.speed)


if __name__ == "__main__":
    main()
