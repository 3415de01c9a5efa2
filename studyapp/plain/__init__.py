"""Line by line: the same lessons, questions and exams in sentences and prompts, for readers, pipes and slow links."""
