"""Questions about the network of mentors and trainees: lines of descent and connections."""
