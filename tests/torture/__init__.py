"""Load and kills for minutes: short in `make test`, whole in `make torture`, which writes down what it has measured."""
