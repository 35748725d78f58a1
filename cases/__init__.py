"""The law and the case: pure values and functions. No framework, no input or output, no clock."""
