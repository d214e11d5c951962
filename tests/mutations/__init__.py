"""Every defence is shown to matter: it is taken out of a copy of the tree, and the test that guards it has to fail."""
