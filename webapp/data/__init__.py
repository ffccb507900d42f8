"""What is stored, and files in and out: pages, uploads, jobs, loads, the questions."""
