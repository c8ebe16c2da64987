"""Layout files: learning them from pictures, listing and showing them, the page of what was read, and the editor."""
